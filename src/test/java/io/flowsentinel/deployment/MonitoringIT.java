package io.flowsentinel.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every metric that operators are shown or told about is exported by a job that runs. */
class MonitoringIT {

    private static final int PORT = FreePorts.one();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setConfiguration(RunningJob.reporter(PORT))
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(1)
            .build());

    @TempDir
    private static Path folder;

    private static String scraped;
    private static Set<String> exported;

    /**
     * Once a checkpoint is complete and findings can be settled: some metrics are there only then. Before the first
     * test and not before all, when this cluster is not yet the one that jobs run on.
     */
    @BeforeEach
    void scrapeARunningJobOnce() throws Exception {
        if (scraped != null) {
            return;
        }
        try (RunningJob job = RunningJob.start(folder, PORT)) {
            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                scraped = job.scrape();
                exported = RunningJob.names(scraped);
                assertThat(exported)
                        .contains(
                                "flink_jobmanager_job_lastCheckpointDuration",
                                "flink_taskmanager_job_task_operator_rule_findings");
            });
        }
    }

    @Test
    void whatAlertRulesAskForIsExported() throws IOException {
        Monitoring.rules().forEach(rule -> {
            String expression = rule.get("expr").asText();
            assertThat(exported).as(expression).containsAll(Monitoring.metrics(expression));
        });
    }

    @Test
    void whatTheDashboardShowsIsExported() throws IOException {
        Monitoring.queries().forEach(query -> {
            assertThat(exported).as(query).containsAll(Monitoring.metrics(query));
        });
        assertThat(Monitoring.queries()).anyMatch(query -> query.contains("flink_"));
    }

    @Test
    void whatTheRunbookExplainsIsExported() throws IOException {
        assertThat(Monitoring.metrics(Monitoring.runbook())).isNotEmpty();
        assertThat(exported).containsAll(Monitoring.metrics(Monitoring.runbook()));
    }

    /** A series that began with its first finding would not show that one as an increase. Labels have no dashes. */
    @Test
    void findingsOfEveryRuleAreCountedFromNothingOn() {
        Set<String> counted = Pattern.compile("operator_rule_findings\\{[^}]*\\brule=\"([^\"]+)\"")
                .matcher(scraped)
                .results()
                .map(series -> series.group(1).replace('_', '-'))
                .collect(Collectors.toSet());

        assertThat(counted)
                .containsExactlyInAnyOrderElementsOf(Rules.defaults().all().keySet());
    }

    @Test
    void theLabelsThatQueriesSelectByAreThoseOfTheJob() {
        assertThat(scraped)
                .contains("job_name=\"flow_sentinel\"", "operator_name=\"settle_findings\"", "rule=\"")
                .containsPattern("operator_alerts\\{[^}]*operator_name=\"settle_findings\"")
                .doesNotContain("job_id=");
    }
}
