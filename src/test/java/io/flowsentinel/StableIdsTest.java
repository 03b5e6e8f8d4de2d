package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.config.JobConfig;
import io.flowsentinel.detect.settings.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A uid finds an operator's state again: changing this list is a migration of every savepoint. */
class StableIdsTest {

    private static final String[] STAGES = {
        "read-objects",
        "accept-flows",
        "gather-flows",
        "watch-rules",
        "track-connections",
        "tally-connections",
        "tally-coverage",
        "detect-findings",
        "settle-findings",
        "publish-connections",
        "keep-accounts"
    };

    private static final String[] LIVE_SINKS = {
        "write-connections", "write-alerts", "write-suppressed", "write-quarantine", "write-late"
    };

    private static final String[] REPLAY_SINKS = {
        "replay-connections", "replay-alerts", "replay-suppressed", "replay-quarantine", "replay-late"
    };

    @TempDir
    Path folder;

    @Test
    void everyOperatorHasTheUidItAlwaysHad() throws Exception {
        assertThat(uids(new Configuration())).containsExactlyInAnyOrder(with(LIVE_SINKS));
    }

    /** The state of a live job's sinks would make a replay end the transactions that the live job has open. */
    @Test
    void aReplayHasSinksOfItsOwnAndSharesAllOtherState() throws Exception {
        Configuration settings = new Configuration();
        settings.setString("job.run-mode", "replay");

        assertThat(uids(settings)).containsExactlyInAnyOrder(with(REPLAY_SINKS));
    }

    /** Or the second of two replays, started from a savepoint of the first, would go on with its files. */
    @Test
    void aReplayWithAnIdHasOtherSinksThanTheNextOne() throws Exception {
        Configuration settings = new Configuration();
        settings.setString("job.run-mode", "replay");
        settings.setString("job.replay-id", "monday");

        assertThat(uids(settings))
                .containsExactlyInAnyOrder(
                        with(Stream.of(REPLAY_SINKS).map(uid -> uid + "-monday").toArray(String[]::new)));
    }

    @Test
    void anIdOfAReplayChangesNothingOfALiveJob() throws Exception {
        Configuration settings = new Configuration();
        settings.setString("job.replay-id", "monday");

        assertThat(uids(settings)).containsExactlyInAnyOrder(with(LIVE_SINKS));
    }

    @Test
    void rulesThatAreOffLeaveEveryOperatorInPlace() throws Exception {
        String off = ruleIds().stream().map(id -> id + ": {mode: off}").collect(Collectors.joining(", "));
        Path rules = Files.writeString(folder.resolve("rules.yaml"), "rules: {" + off + "}");
        Configuration settings = new Configuration();
        settings.setString("rules.file", rules.toString());

        assertThat(uids(settings)).containsExactlyInAnyOrder(with(LIVE_SINKS));
    }

    /** Between a settler that is one and several writers messages of one finding would change their order. */
    @Test
    void findingsAreWrittenByOneWriter() throws Exception {
        Configuration settings = new Configuration();
        settings.set(CoreOptions.DEFAULT_PARALLELISM, 4);

        assertThat(graph(settings).getStreamNodes())
                .filteredOn(node -> node.getTransformationUID().matches("write-(alerts|suppressed).*"))
                .isNotEmpty()
                .allSatisfy(node -> assertThat(node.getParallelism()).isEqualTo(1));
    }

    private static String[] with(String[] sinks) {
        return Stream.of(STAGES, sinks).flatMap(Stream::of).toArray(String[]::new);
    }

    /** Of all rules that are shipped. */
    private static List<String> ruleIds() {
        List<String> ids = Rules.defaults().describe().stream()
                .map(line -> line.substring(0, line.indexOf(':')))
                .toList();
        assertThat(ids).contains("port-scan", "list-match").hasSizeGreaterThan(25);
        return ids;
    }

    private static StreamGraph graph(Configuration settings) throws Exception {
        settings.setString("source.uri", "file:///logs");
        settings.setString("alerts.sink", "print");
        settings.setString("connections.sink", "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);

        FlowLogJob.build(env, JobConfig.from(settings), "run");

        return env.getStreamGraph();
    }

    private static List<String> uids(Configuration settings) throws Exception {
        List<String> uids = new ArrayList<>();
        for (StreamNode node : graph(settings).getStreamNodes()) {
            uids.add(node.getTransformationUID());
        }
        assertThat(uids).doesNotContainNull();
        return uids.stream().map(uid -> uid.replaceFirst(": Writer$", "")).toList();
    }
}
