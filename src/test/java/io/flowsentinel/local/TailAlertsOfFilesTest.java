package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an analyst sees of the files of a run. */
class TailAlertsOfFilesTest {

    private static final Instant BEGIN = Instant.parse("2026-01-15T09:00:00Z");

    @TempDir
    private Path output;

    private String shown;
    private String errors;

    /** As several writers leave them: not in the order in which things were decided, and one not yet finished. */
    @BeforeEach
    void aRunHasWritten() throws IOException {
        write("alerts/alerts-1.jsonl", alert("b", 40, "Update", 7), alert("a", 10, "Create", 30));
        write(
                "alerts/alerts-2.jsonl",
                alert("b", 20, "Create", 5),
                alert("b", 30, "Update", 7),
                alert("b", 50, "Close", 7));
        write("alerts/.alerts-3.jsonl.inprogress.1", "{'half");
        write("suppressed/suppressed-1.jsonl", alert("c", 15, "Create", 9));
    }

    @Test
    void alertsComeInTheOrderInWhichTheyWereDecided() {
        assertThat(tail(output)).isZero();

        assertThat(shown.lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "2026-01-15T09:10:00Z HIGH create port-scan Port scan a [originator=203.0.113.66]",
                        "2026-01-15T09:20:00Z HIGH create port-scan Port scan b [originator=203.0.113.66]",
                        "2026-01-15T09:30:00Z HIGH update port-scan Port scan b [originator=203.0.113.66]",
                        "2026-01-15T09:40:00Z HIGH update port-scan Port scan b [originator=203.0.113.66] no change",
                        "2026-01-15T09:50:00Z HIGH close port-scan Port scan b [originator=203.0.113.66]");
        assertThat(errors).isEmpty();
    }

    @Test
    void filtersNarrowTheLines() {
        tail(output, "--rule", "host-sweep");
        assertThat(shown).isEmpty();

        tail(output, "--address", "203.0.113.0/24");
        assertThat(shown).hasLineCount(5);
    }

    @Test
    void theFolderOfAFeedWillDoToo() {
        assertThat(tail(output.resolve("suppressed"))).isZero();

        assertThat(shown).contains("Port scan c").hasLineCount(1);
    }

    @Test
    void whatIsNoAlertIsNotShownAndSaidOnce() throws IOException {
        write("alerts/alerts-4.jsonl", "{\"reason\":\"no header\"}", "{\"reason\":\"no header\"}");

        assertThat(tail(output)).isZero();

        assertThat(shown).hasLineCount(5);
        assertThat(errors).hasLineCount(1).contains("no alerts", "job-config/RUNBOOK.md");
    }

    @ParameterizedTest
    @CsvSource({
        "--brokers, kafka:9092, '--brokers: not allowed beside --input; expected one of them'",
        "--topic, alerts, '--topic: not allowed beside --input; expected one of them'"
    })
    void eitherFilesOrKafka(String option, String value, String message) {
        assertThat(tail(output, option, value)).isEqualTo(2);
        assertThat(errors).isEqualToIgnoringNewLines(message);
    }

    @Test
    void whatIsNoFolderOfARunIsRefused() {
        assertThat(tail(output.resolve("none"))).isEqualTo(2);

        assertThat(errors)
                .isEqualToIgnoringNewLines("--input: '" + output.resolve("none")
                        + "' is not allowed; expected the --output of a run, or its folder alerts or suppressed");
    }

    private void write(String file, String... lines) throws IOException {
        Path path = output.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, List.of(lines));
    }

    private static String alert(String id, int minute, String activity, int ports) {
        return ("{'activity_name':'" + activity + "','severity':'High','severity_id':4,'time':"
                        + BEGIN.plusSeconds(minute * 60L).toEpochMilli()
                        + ",'metadata':{'event_code':'port-scan'},'finding_info':{'uid':'" + id
                        + "','title':'Port scan " + id + "','related_events_count':" + ports
                        + "},'unmapped':{'entity':{'originator':'203.0.113.66'},'numbers':{'ports':" + ports + "}}}")
                .replace('\'', '"');
    }

    private int tail(Path input, String... options) {
        List<String> all = new ArrayList<>(List.of("--input", input.toString()));
        all.addAll(List.of(options));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = TailAlerts.execute(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                all.toArray(String[]::new));
        shown = out.toString(StandardCharsets.UTF_8);
        errors = err.toString(StandardCharsets.UTF_8);
        return code;
    }
}
