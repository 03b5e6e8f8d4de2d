package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.model.Accounts;
import io.flowsentinel.serde.Nouns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class KeepAccountsTest {

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(1)
            .build());

    @Test
    void theTotalsComeBackWithTheResultOfTheJob() throws Exception {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.setParallelism(1);
        env.fromData(
                        Nouns.ACCOUNTS,
                        Accounts.of(Accounts.LINES_READ, 3).plus(Accounts.of(Accounts.OBJECTS_FOUND, 2)),
                        Accounts.of(Accounts.LINES_READ, 4).plus(Accounts.of(Accounts.OBJECTS_FOUND, 5)),
                        Accounts.of(Accounts.OBJECTS_STRAY, 1),
                        Accounts.of(Accounts.OBJECTS_STRAY, 1))
                .uid("accounts")
                .process(new KeepAccounts())
                .uid("keep-accounts");

        JobExecutionResult result = env.execute();

        assertThat(KeepAccounts.of(result))
                .isEqualTo(Accounts.of(Accounts.LINES_READ, 7)
                        .plus(Accounts.of(Accounts.OBJECTS_FOUND, 5))
                        .plus(Accounts.of(Accounts.OBJECTS_STRAY, 1)));
    }

    @Test
    @SuppressWarnings("try") // The harness's close may be interrupted, which no test does.
    void theTotalsGoOnAfterARestore() throws Exception {
        OperatorSubtaskState snapshot;
        try (OneInputStreamOperatorTestHarness<Accounts, Void> first = harness()) {
            first.open();
            first.processElement(Accounts.of(Accounts.ALERTS, 2), 0);
            first.processElement(Accounts.of(Accounts.OBJECTS_FOUND, 9), 0);
            snapshot = first.snapshot(1, 0);
        }

        try (OneInputStreamOperatorTestHarness<Accounts, Void> second = harness()) {
            second.initializeState(snapshot);
            second.open();
            second.processElement(Accounts.of(Accounts.ALERTS, 3), 0);
            second.processElement(Accounts.of(Accounts.OBJECTS_FOUND, 10), 0);

            assertThat(second.getOperator()
                            .getRuntimeContext()
                            .getAccumulator(KeepAccounts.ACCUMULATOR)
                            .getLocalValue())
                    .isEqualTo(java.util.Map.of(Accounts.ALERTS, 5L, Accounts.OBJECTS_FOUND, 10L));
        }
    }

    @Test
    void theReportHasEveryKeyZerosIncluded(@TempDir Path directory) throws Exception {
        Accounts accounts = Accounts.of(Accounts.RECORDS_OK, 3000)
                .plus(Accounts.of(Accounts.ALERTS, 3))
                .plus(Accounts.of(Accounts.SLOT_REACHED, 1_768_478_100))
                .plus(Accounts.of(Accounts.ALERTS_BY_RULE + "port-scan", 3));
        Path file = directory.resolve("report.json");

        new Report(accounts, "run-1", Duration.ofMillis(1500)).write(file);

        JsonNode report = new ObjectMapper().readTree(file.toFile());
        assertThat(List.copyOf(report.properties().stream()
                        .map(java.util.Map.Entry::getKey)
                        .toList()))
                .containsExactly(
                        "objects_found",
                        "objects_read",
                        "objects_failed",
                        "objects_stray",
                        "bytes_read",
                        "lines_read",
                        "header_lines",
                        "records_ok",
                        "records_nodata",
                        "records_skipdata",
                        "records_quarantined",
                        "records_duplicate",
                        "records_late",
                        "connections",
                        "alerts",
                        "alerts_by_rule",
                        "alert_messages",
                        "suppressed",
                        "objects_retried",
                        "list_calls",
                        "list_failures",
                        "slot_reached",
                        "run_id",
                        "elapsed_ms",
                        "records_per_second");
        assertThat(report.path("records_late").asLong(-1)).isZero();
        assertThat(report.at("/alerts_by_rule/port-scan").asLong()).isEqualTo(3);
        assertThat(report.path("slot_reached").asText()).isEqualTo("2026-01-15T11:55:00Z");
        assertThat(report.path("records_per_second").asLong()).isEqualTo(2000);
    }

    private static OneInputStreamOperatorTestHarness<Accounts, Void> harness() throws Exception {
        return new OneInputStreamOperatorTestHarness<>(
                new ProcessOperator<>(new KeepAccounts()),
                Nouns.ACCOUNTS.createSerializer(new org.apache.flink.api.common.serialization.SerializerConfigImpl()));
    }
}
