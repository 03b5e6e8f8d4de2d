package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.testing.KafkaBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an analyst sees of the sample's alerts, from a real broker. */
class TailAlertsIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static KafkaBroker broker;

    @BeforeAll
    static void runTheSample() {
        broker = KafkaBroker.start();
        Shown run = run((out, err) -> LocalRun.execute(out, err, "--quiet", "--brokers", broker.brokers()));
        assertThat(run.code()).as(run.err()).isZero();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void everyAlertIsOneLine() {
        Shown shown = tail();

        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.lines()).hasSameSizeAs(broker.committed("vpc-flow-alerts"));
        assertThat(shown.lines())
                .anyMatch(line ->
                        line.matches("2026-01-15T\\S+Z {2}MEDIUM {2}create {2}port-scan .*203\\.0\\.113\\.66.*"));
    }

    @Test
    void filtersNarrowTheLines() {
        assertThat(tail("--rule", "port-scan").lines()).isNotEmpty().allMatch(line -> line.contains("port-scan"));
        assertThat(tail("--severity", "high").lines()).isNotEmpty().allMatch(line -> line.contains("HIGH"));
        assertThat(tail("--address", "203.0.113.64/29").lines())
                .isNotEmpty()
                .allMatch(line -> line.contains("203.0.113.66"));
        assertThat(tail("--address", "192.0.2.1").lines()).isEmpty();
    }

    @Test
    void evidenceStandsBelowItsAlert() {
        List<String> lines = tail("--rule", "port-scan", "--evidence").lines();

        assertThat(lines).anyMatch(line -> line.startsWith("    to do: "));
        assertThat(lines)
                .anyMatch(line -> line.matches(" {4}connection: 2026\\S+ \\+\\d+s 203\\.0\\.113\\.66:\\d+ > .* S0 .*"));
        assertThat(lines).anyMatch(line -> line.matches(" {4}record: .*\\.log\\.gz line \\d+"));
    }

    @Test
    void jsonIsTheFeedAsItIs() throws Exception {
        List<JsonNode> alerts = new ArrayList<>();
        for (String line : tail("--json").lines()) {
            alerts.add(JSON.readTree(line));
        }

        assertThat(alerts)
                .hasSameSizeAs(broker.committed("vpc-flow-alerts"))
                .allMatch(alert -> alert.path("class_uid").asInt() == 2004);
    }

    @ParameterizedTest
    @CsvSource({
        "--severity, urgent, '--severity: ''urgent'' is not allowed; expected informational, low, medium, high'",
        "--address, 10.0.0.0/99, '--address: ''10.0.0.0/99'' is not allowed; expected an address or a CIDR without address bits'"
    })
    void aWrongOptionIsNamedWithWhatIsAllowed(String option, String value, String message) {
        Shown shown = tail(option, value);

        assertThat(shown.code()).isEqualTo(2);
        assertThat(shown.err()).contains(message);
    }

    @Test
    void aRuleThatThereIsNotIsWarnedOfWithTheOneThatWasMeant() {
        Shown shown = tail("--rule", "portscan");

        assertThat(shown.code()).isZero();
        assertThat(shown.err())
                .isEqualToIgnoringNewLines(
                        "Warning: --rule 'portscan' is no rule of this version; did you mean port-scan?");
        assertThat(tail("--rule", "port-scan").err()).isEmpty();
    }

    @Test
    void aMissingTopicIsSaid() {
        Shown shown = tail("--topic", "no-such-topic");

        assertThat(shown.code()).isEqualTo(1);
        assertThat(shown.err()).contains("no-such-topic");
    }

    private static Shown tail(String... options) {
        List<String> all = new ArrayList<>(List.of("--brokers", broker.brokers(), "--no-follow"));
        all.addAll(List.of(options));
        return run((out, err) -> TailAlerts.execute(out, err, all.toArray(String[]::new)));
    }

    private interface Command {
        int execute(PrintStream out, PrintStream err);
    }

    private record Shown(int code, String out, String err) {

        List<String> lines() {
            return out.lines().toList();
        }
    }

    private static Shown run(Command command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = command.execute(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Shown(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
