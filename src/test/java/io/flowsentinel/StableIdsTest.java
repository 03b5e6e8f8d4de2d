package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.config.JobConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A uid finds an operator's state again: changing this list is a migration of every savepoint. */
class StableIdsTest {

    private static final String[] UIDS = {
        "read-objects",
        "accept-flows",
        "watch-rules",
        "track-connections",
        "tally-connections",
        "tally-coverage",
        "detect-findings",
        "settle-findings",
        "publish-connections",
        "write-connections",
        "write-alerts",
        "write-suppressed",
        "write-quarantine",
        "write-late",
        "keep-accounts"
    };

    @TempDir
    Path folder;

    @Test
    void everyOperatorHasTheUidItAlwaysHad() throws Exception {
        assertThat(uids(new Configuration())).containsExactlyInAnyOrder(UIDS);
    }

    @Test
    void rulesThatAreOffLeaveEveryOperatorInPlace() throws Exception {
        Path rules = Files.writeString(
                folder.resolve("rules.yaml"),
                "rules: {port-scan: {mode: off}, host-sweep: {mode: off}, mixed-scan: {mode: off},"
                        + " exposed-admin-service: {mode: off}, nacl-reply-drop: {mode: off}}");
        Configuration settings = new Configuration();
        settings.setString("rules.file", rules.toString());

        assertThat(uids(settings)).containsExactlyInAnyOrder(UIDS);
    }

    private static List<String> uids(Configuration settings) throws Exception {
        settings.setString("source.uri", "file:///logs");
        settings.setString("alerts.sink", "print");
        settings.setString("connections.sink", "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);

        FlowLogJob.build(env, JobConfig.from(settings), "run");

        List<String> uids = new ArrayList<>();
        for (StreamNode node : env.getStreamGraph().getStreamNodes()) {
            uids.add(node.getTransformationUID());
        }
        assertThat(uids).doesNotContainNull();
        return uids.stream().map(uid -> uid.replaceFirst(": Writer$", "")).toList();
    }
}
