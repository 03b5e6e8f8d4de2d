package io.flowsentinel.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.config.JobOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.CheckpointingOptions;
import org.junit.jupiter.api.Test;

class MonitoringTest {

    private static final Pattern LIVE = Pattern.compile("flink_\\w+\\{job_name=\"flow_sentinel\"}");
    private static final int COLUMNS = 24;

    @Test
    void everyAlertRuleIsComplete() throws IOException {
        List<JsonNode> rules = Monitoring.rules();

        assertThat(rules).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.get("alert").asText()).startsWith("FlowSentinel");
            assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning", "info");
            assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
            assertThat(rule.at("/annotations/description").asText()).isNotBlank();
        });
        assertThat(rules).extracting(rule -> rule.get("alert").asText()).doesNotHaveDuplicates();
    }

    /** A replay lags behind by months, and a query without a job would take it for the live job. */
    @Test
    void everyAlertRuleIsAboutTheLiveJobAlone() throws IOException {
        assertThat(Monitoring.rules()).allSatisfy(rule -> {
            String expression = rule.get("expr").asText();
            long metrics =
                    Pattern.compile("flink_\\w+").matcher(expression).results().count();
            assertThat(LIVE.matcher(expression).results().count())
                    .as(expression)
                    .isEqualTo(metrics);
        });
    }

    @Test
    void theRunbookSaysWhatToDoAboutEachAlertAndAboutNoOther() throws IOException {
        List<String> sections = Pattern.compile("(?m)^### (FlowSentinel\\w+)$")
                .matcher(Monitoring.runbook())
                .results()
                .map(section -> section.group(1))
                .toList();

        assertThat(sections)
                .containsExactlyElementsOf(Monitoring.rules().stream()
                        .map(rule -> rule.get("alert").asText())
                        .toList());
    }

    /** Half of a transaction's time has to be left when somebody is told, and a slow checkpoint must not be taken for none. */
    @Test
    void missingCheckpointsAreToldLongBeforeTransactionsExpire() throws IOException {
        String expression = Monitoring.rules().stream()
                .filter(rule -> rule.get("alert").asText().equals("FlowSentinelCheckpointsFail"))
                .findFirst()
                .orElseThrow()
                .get("expr")
                .asText();
        Matcher window = Pattern.compile("numberOfCompletedCheckpoints\\{[^}]*}\\[(\\d+)m]\\) == 0")
                .matcher(expression);

        assertThat(window.find()).as(expression).isTrue();
        Duration noticed = Duration.ofMinutes(Long.parseLong(window.group(1)));
        assertThat(noticed)
                .isLessThan(JobOptions.TRANSACTION_TIMEOUT.defaultValue().dividedBy(2))
                .isGreaterThanOrEqualTo(JobConfig.load(Path.of("job-config/cluster.yaml"))
                        .get(CheckpointingOptions.CHECKPOINTING_TIMEOUT));
    }

    @Test
    void panelsSayWhatTheyShowAndDoNotLieOnEachOther() throws IOException {
        Set<Integer> ids = new HashSet<>();
        Set<List<Integer>> taken = new HashSet<>();

        for (JsonNode panel : Monitoring.dashboard().get("panels")) {
            String title = panel.get("title").asText();
            assertThat(ids.add(panel.get("id").asInt())).as(title).isTrue();
            JsonNode place = panel.get("gridPos");
            int right = place.get("x").asInt() + place.get("w").asInt();
            assertThat(right).as(title).isLessThanOrEqualTo(COLUMNS);
            for (int x = place.get("x").asInt(); x < right; x++) {
                for (int y = 0; y < place.get("h").asInt(); y++) {
                    assertThat(taken.add(List.of(x, place.get("y").asInt() + y)))
                            .as(title)
                            .isTrue();
                }
            }
            if (!panel.get("type").asText().equals("row")) {
                assertThat(panel.get("description").asText()).as(title).isNotBlank();
                assertThat(panel.get("targets")).as(title).isNotEmpty();
            }
        }
        assertThat(ids).hasSizeGreaterThan(20);
    }
}
