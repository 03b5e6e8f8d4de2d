package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.config.JobConfig;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

/** A uid finds an operator's state again: changing this list is a migration of every savepoint. */
class StableIdsTest {

    @Test
    void everyOperatorHasTheUidItAlwaysHad() throws Exception {
        Configuration settings = new Configuration();
        settings.setString("source.uri", "file:///logs");
        settings.setString("alerts.sink", "print");
        settings.setString("connections.sink", "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);

        FlowLogJob.build(env, JobConfig.from(settings), "run");

        List<String> uids = new ArrayList<>();
        for (StreamNode node : env.getStreamGraph().getStreamNodes()) {
            uids.add(node.getTransformationUID());
        }
        assertThat(uids)
                .doesNotContainNull()
                .map(uid -> uid.replaceFirst(": Writer$", ""))
                .containsExactlyInAnyOrder(
                        "read-objects",
                        "accept-flows",
                        "track-connections",
                        "route-by-originator",
                        "detect-by-originator",
                        "route-by-responder",
                        "detect-by-responder",
                        "route-by-interface",
                        "detect-by-interface",
                        "write-connections",
                        "write-alerts",
                        "write-suppressed",
                        "write-quarantine",
                        "write-late",
                        "keep-accounts");
    }
}
