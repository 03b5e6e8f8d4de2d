package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flowsentinel.model.Accounts;
import io.flowsentinel.sink.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private final FindingCounts suppressed = new FindingCounts();
    private boolean narrowed;

    @Test
    void findingsAndTheirMessagesAreToldApart() throws IOException {
        for (int i = 0; i < 12; i++) {
            suppressed.add(message("slow-scan", "0" + i % 6, "Low"));
        }
        List<String> lines = lines(
                Map.of(
                        Accounts.ALERTS, 16L,
                        Accounts.ALERT_MESSAGES, 40L,
                        Accounts.SUPPRESSED, 222L),
                new FindingCounts());

        assertThat(lines).anyMatch(line -> line.matches(" +alerts +16 findings in 40 messages"));
        assertThat(lines).anyMatch(line -> line.matches(" +suppressed +6 findings in 222 messages"));
    }

    @Test
    void nothingSuppressedIsNotTold() {
        assertThat(lines(Map.of(Accounts.ALERTS, 1L, Accounts.ALERT_MESSAGES, 1L), new FindingCounts()))
                .noneMatch(line -> line.contains("suppressed"))
                .anyMatch(line -> line.matches(" +alerts +1 finding in 1 message"));
    }

    @Test
    void aFindingCountsUnderTheHighestSeverityItReached() throws IOException {
        FindingCounts counts = new FindingCounts();
        for (String severity : List.of("Informational", "High", "Medium")) {
            counts.add(message("list-match", "0a", severity));
        }

        assertThat(lines(Map.of(Accounts.ALERTS, 1L, Accounts.ALERTS_BY_RULE + "list-match", 1L), counts))
                .anyMatch(line -> line.matches(" +list-match +1  \\(1 high\\)"));
    }

    /** As it does where a run writes several files. */
    @Test
    void aFindingWhoseCloseStandsFirstCountsOnce() throws IOException {
        FindingCounts counts = new FindingCounts();
        ObjectNode create = (ObjectNode) message("port-scan", "0a", "Low");
        ObjectNode close = (ObjectNode) message("port-scan", "0a", "Low");

        counts.addAll(List.of(
                close.put("activity_name", "Close").put("time", 2000),
                create.put("activity_name", "Create").put("time", 1000)));

        assertThat(counts.findings()).isEqualTo(1);
        assertThat(lines(Map.of(Accounts.ALERTS, 1L, Accounts.ALERTS_BY_RULE + "port-scan", 1L), counts))
                .anyMatch(line -> line.matches(" +port-scan +1  \\(1 low\\)"));
    }

    /** What they have come to by then is told by no message. */
    @Test
    void findingsThatAreStillOpenAreTold() throws IOException {
        FindingCounts counts = new FindingCounts();
        counts.add(message("port-scan", "0a", "Low"));
        counts.add(message("beacon", "0b", "Low"));
        counts.add(((ObjectNode) message("port-scan", "0a", "Low")).put("activity_name", "Close"));

        assertThat(lines(Map.of(Accounts.ALERTS, 2L), counts))
                .anyMatch(line -> line.matches(" +open at the end +1, .*"));
        counts.add(((ObjectNode) message("beacon", "0b", "Low")).put("activity_name", "Close"));
        assertThat(lines(Map.of(Accounts.ALERTS, 2L), counts)).noneMatch(line -> line.contains("open at the end"));
    }

    @Test
    void thatNothingWasThereToReadIsTold() {
        assertThat(lines(Map.of(), new FindingCounts()))
                .contains("Nothing was read: source.uri holds no flow log object");
        narrowed = true;
        assertThat(lines(Map.of(), new FindingCounts()))
                .contains("Nothing was read: source.uri holds no flow log object of the range and filter asked for");
        assertThat(lines(Map.of(Accounts.OBJECTS_FOUND, 1L), new FindingCounts()))
                .noneMatch(line -> line.startsWith("Nothing was read"));
    }

    private static JsonNode message(String rule, String id, String severity) throws IOException {
        String json =
                """
                {"metadata":{"event_code":"%s"},"finding_info":{"uid":"%s"},"severity":"%s"}
                """;
        return new ObjectMapper().readTree(json.formatted(rule, id, severity));
    }

    private List<String> lines(Map<String, Long> amounts, FindingCounts counts) {
        Report report = new Report(new Accounts(amounts), "run", Duration.ofSeconds(2));
        return Summary.of(report, narrowed, Optional.empty(), counts, suppressed);
    }
}
