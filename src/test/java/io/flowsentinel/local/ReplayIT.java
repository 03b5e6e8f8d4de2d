package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.testing.RunOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample's three hours replayed: the feeds are those of the first run, byte for byte, however they come about. */
class ReplayIT {

    private static final List<String> FEEDS = List.of("connections", "alerts", "suppressed", "late", "quarantine");
    private static final String BEGIN = "2026-01-15T09:00Z";
    private static final String END = "2026-01-15T12:00Z";

    @TempDir
    static Path folder;

    /** Rules that learn speak from the beginning: so there are findings of theirs, too. */
    private static Path rules;

    private static RunOutput reference;

    @BeforeAll
    static void runOnce() throws IOException {
        rules = Files.writeString(folder.resolve("rules.yaml"), "baseline: {days: 0, hours: 0}\n");
        Path output = folder.resolve("reference");
        assertThat(LocalRun.execute(
                        "--rules=" + rules,
                        "--output=" + output,
                        "--parallelism=1",
                        "--from=" + BEGIN,
                        "--to=" + END,
                        "--quiet"))
                .isZero();
        reference = new RunOutput(output);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aReplayGivesTheFeedsOfTheFirstRun(int parallelism) {
        Shown shown = replay("replay-" + parallelism, "--from=" + BEGIN, "--to=" + END, "--parallelism=" + parallelism);

        assertThat(shown.code()).as(shown.err()).isZero();
        for (String feed : FEEDS) {
            assertThat(output("replay-" + parallelism).lines(feed)).as(feed).isEqualTo(reference.lines(feed));
        }
        assertThat(reference.lines("alerts"))
                .as("of rules that learn")
                .anyMatch(alert -> alert.contains("\"event_code\":\"new-remote-port\""));
        assertThat(shown.out()).contains("Done in", "  objects read                         72", "(1 high)");
        assertThat(shown.out()).contains("Files    " + folder.resolve("replay-" + parallelism));
    }

    /** At the seams connections and findings are open, and rules have learned: none of that is lost or told twice. */
    @Test
    void whatBeganInAHistoryGoesOnBehindItAndBehindTheNext() throws IOException {
        String first = held("held-1", "2026-01-15T10:02:30Z", "--from=" + BEGIN, "--parallelism=2");
        String second = held("held-2", "2026-01-15T10:55Z", "--savepoint=" + first, "--parallelism=1");

        Shown rest = replay("rest", "--savepoint=" + second, "--to=" + END, "--parallelism=3");

        assertThat(rest.code()).as(rest.err()).isZero();
        for (String feed : FEEDS) {
            List<String> all = Stream.of("held-1", "held-2", "rest")
                    .flatMap(part -> output(part).lines(feed).stream())
                    .sorted()
                    .toList();
            assertThat(all).as(feed).isEqualTo(reference.lines(feed));
        }
        assertThat(output("held-2").lines("alerts")).isNotEmpty();
        assertThat(sum("objects_read", "held-1", "held-2", "rest"))
                .isEqualTo(reference.report().get("objects_read").asLong());
        assertThat(sum("records_ok", "held-1", "held-2", "rest"))
                .isEqualTo(reference.report().get("records_ok").asLong());
    }

    @Test
    void whatCameAfterASavepointIsComparedWithTheSameTimeOfTheFirstRun() {
        String savepoint = held("compared-1", "2026-01-15T10:30Z", "--from=" + BEGIN);

        Shown shown = replay(
                "compared-2",
                "--savepoint=" + savepoint,
                "--to=" + END,
                "--compare-with=" + folder.resolve("reference"),
                "--json=" + folder.resolve("same.json"));

        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out()).containsPattern("Findings: \\d+ the same, 0 new, 0 gone, 0 changed");
        assertThat(json("same.json").get("same").asInt()).isPositive();
    }

    @Test
    void aSavepointThatIsPastTheEndIsRefusedBeforeAnythingStarts() {
        String savepoint = held("past-1", "2026-01-15T10:00Z", "--from=" + BEGIN);

        Shown shown = replay("past-2", "--savepoint=" + savepoint, "--to=2026-01-15T09:30Z");

        assertThat(shown.code()).isEqualTo(2);
        assertThat(shown.err().lines())
                .containsExactly(
                        "source.to: '2026-01-15T09:30:00Z' is not after the savepoint, which has read up to the"
                                + " delivery slot 2026-01-15T09:55:00Z; expected a later moment, or an earlier savepoint");
        assertThat(folder.resolve("past-2")).doesNotExist();
    }

    @Test
    void otherRulesAreComparedWithThePresentOnes() throws IOException {
        Path others = Files.writeString(
                folder.resolve("others.yaml"),
                """
                baseline: {days: 0, hours: 0}
                rules:
                  port-scan: {thresholds: {external: 100}}
                  host-sweep: {severity: medium}
                  nacl-reply-drop: {mode: dry-run}
                """);

        Shown shown = run(
                "--from=" + BEGIN, "--to=" + END, "--what-if=" + others, "--json=" + folder.resolve("what-if.json"));

        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains("From     rules " + rules, "To       rules " + others)
                .contains(" the same, 0 new, 1 gone, 2 changed");
        JsonNode json = json("what-if.json");
        assertThat(json.at("/gone/0/rule").asText()).isEqualTo("port-scan");
        assertThat(json.get("changed"))
                .extracting(change -> change.get("rule").asText() + " "
                        + change.at("/changes/0/field").asText() + " "
                        + change.at("/changes/0/after").asText())
                .containsExactly("nacl-reply-drop suppressed_by dry-run", "host-sweep severity medium");
    }

    @Test
    void theLiveJobsConfigurationMakesAReplayOfThatJob() throws IOException {
        Path live = Files.writeString(
                folder.resolve("live.yaml"),
                Files.readString(Path.of("job-config/cluster.yaml")) + "\nrules.file: " + rules + "\n");

        Shown shown =
                run("--config=" + live, "--from=" + BEGIN, "--to=" + END, "--output=" + folder.resolve("configured"));

        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(output("configured").lines("alerts")).isEqualTo(reference.lines("alerts"));
    }

    /** Reads to a moment that is not the end, and returns the savepoint. */
    private static String held(String name, String to, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--to=" + to, "--take-savepoint=" + folder.resolve("savepoints")));
        Shown shown = replay(name, all.toArray(String[]::new));
        assertThat(shown.code()).as(shown.err()).isZero();
        return shown.out()
                .lines()
                .filter(line -> line.startsWith("Savepoint  "))
                .findFirst()
                .orElseThrow()
                .substring("Savepoint  ".length());
    }

    private static Shown replay(String name, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--output=" + folder.resolve(name));
        return run(all.toArray(String[]::new));
    }

    private static Shown run(String... options) {
        List<String> all = new ArrayList<>(List.of("--input=src/sample/logs", "--rules=" + rules));
        all.addAll(List.of(options));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = ReplayRun.execute(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                all.toArray(String[]::new));
        return new Shown(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private record Shown(int code, String out, String err) {}

    private static RunOutput output(String name) {
        return new RunOutput(folder.resolve(name));
    }

    private static long sum(String account, String... names) {
        return Stream.of(names)
                .mapToLong(name -> output(name).report().get(account).asLong())
                .sum();
    }

    private static JsonNode json(String name) {
        try {
            return new ObjectMapper().readTree(folder.resolve(name).toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
