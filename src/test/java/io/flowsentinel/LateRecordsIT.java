package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.local.LocalRun;
import io.flowsentinel.testing.LogTree;
import io.flowsentinel.testing.RunOutput;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records delivered ten minutes after their end, a second more and hours more, through the whole job and once more in
 * another order: what is late is told from end and slot alone, and is in no connection.
 */
class LateRecordsIT {

    private static final Instant SLOT = Instant.parse("2026-01-15T12:00:00Z");
    private static final long BORDER = SLOT.getEpochSecond() - 600;

    private static final String HEADER =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action"
                    + " log-status tcp-flags pkt-srcaddr pkt-dstaddr";

    private static final String OPENING = line(40_000, BORDER - 60, BORDER - 5, 2);
    private static final String ON_TIME = line(40_000, BORDER - 55, BORDER, 0);
    private static final String LATE = line(40_000, BORDER - 56, BORDER - 1, 0);
    private static final String LATE_AND_ALONE = line(40_001, BORDER - 7255, BORDER - 7200, 2);
    private static final String NEW = line(40_002, BORDER + 600, BORDER + 655, 2);

    @TempDir
    static Path folder;

    private static RunOutput output;
    private static RunOutput replay;
    private static RunOutput patient;

    @BeforeAll
    static void run() {
        LogTree logs = new LogTree(folder.resolve("logs"))
                .object(SLOT.minusSeconds(900), "00000001", HEADER, OPENING)
                .object(SLOT, "00000002", HEADER, NEW, ON_TIME, LATE, LATE_AND_ALONE);
        LogTree otherwise = new LogTree(folder.resolve("otherwise"))
                .object(SLOT, "00000001", HEADER, LATE_AND_ALONE, LATE)
                .object(SLOT, "00000002", HEADER, ON_TIME)
                .object(SLOT, "00000003", HEADER, NEW)
                .object(SLOT.minusSeconds(900), "ffffffff", HEADER, OPENING);

        output = runOver(logs, "out", "--parallelism", "1");
        replay = runOver(otherwise, "replay", "--parallelism", "2");
        patient = runOver(logs, "patient", "--set", "time.max-delay=130min");
    }

    private static RunOutput runOver(LogTree logs, String name, String... options) {
        Path out = folder.resolve(name);
        List<String> arguments = new ArrayList<>(List.of("--input", logs.uri(), "--output", out.toString(), "--quiet"));
        arguments.addAll(List.of(options));
        assertThat(LocalRun.execute(arguments.toArray(String[]::new))).isZero();
        return new RunOutput(out);
    }

    private static String line(int port, long start, long end, int flags) {
        return "3 123456789010 eni-1 198.51.100.7 10.0.0.9 " + port + " 443 6 1 60 " + start + " " + end + " ACCEPT OK "
                + flags + " 198.51.100.7 10.0.0.9";
    }

    @Test
    void theFeedSaysWhichRecordAndHowLongAfterTheBorderItCame() {
        String object = LogTree.key(SLOT, "00000002");

        assertThat(output.feed("late"))
                .allSatisfy(row -> assertThat(row.get("object").asText()).endsWith(object))
                .extracting(
                        row -> row.get("line_number").asInt(),
                        row -> row.get("record").asText(),
                        row -> row.get("late_by_ms").asLong())
                .containsExactlyInAnyOrder(tuple(4, LATE, 1_000L), tuple(5, LATE_AND_ALONE, 7_200_000L));
    }

    @Test
    void aRecordExactlyAtTheBorderIsOnTimeAndALateOneIsInNoConnection() {
        assertThat(connections(output))
                .containsExactlyInAnyOrder(tuple(40_000, 2, BORDER * 1000), tuple(40_002, 1, (BORDER + 655) * 1000));
    }

    @Test
    void theAccountsHoldThem() {
        JsonNode report = output.report();

        assertThat(report.get("records_ok").asLong()).isEqualTo(5);
        assertThat(report.get("records_late").asLong()).isEqualTo(2);
        assertThat(report.get("records_duplicate").asLong()).isZero();
        assertThat(report.get("connections").asLong()).isEqualTo(2);
    }

    @Test
    void aReplayInAnotherOrderFindsTheSameRecordsLate() {
        assertThat(replay.lines("connections")).isEqualTo(output.lines("connections"));
        assertThat(lateness(replay)).isEqualTo(lateness(output));
        assertThat(replay.report().get("records_late").asLong()).isEqualTo(2);
    }

    @Test
    void theBorderIsTheAllowedDelayBeforeTheSlot() {
        assertThat(patient.lines("late")).isEmpty();
        assertThat(patient.report().get("records_late").asLong()).isZero();
        assertThat(connections(patient))
                .extracting(
                        connection -> connection.toList().get(0),
                        connection -> connection.toList().get(1))
                .containsExactlyInAnyOrder(tuple(40_000, 3), tuple(40_001, 1), tuple(40_002, 1));
    }

    /** Port of the originator, records and end of every connection. */
    private static List<Tuple> connections(RunOutput of) {
        return of.feed("connections").stream()
                .map(connection -> tuple(
                        connection.at("/src_endpoint/port").asInt(),
                        connection.at("/unmapped/records").asInt(),
                        connection.at("/end_time").asLong()))
                .toList();
    }

    /** What is late and by how much; where it stood is up to the delivery. */
    private static List<String> lateness(RunOutput of) {
        return of.feed("late").stream()
                .map(row -> row.get("record").asText() + " " + row.get("late_by_ms"))
                .sorted()
                .toList();
    }
}
