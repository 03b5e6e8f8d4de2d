package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.testing.KafkaBroker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replay compared with the topic of a live job that has missed an object, because it was published too late: what
 * differs is named finding by finding, with the reason.
 */
class ReplayComparedIT {

    private static final Path SAMPLE = Path.of("src/sample/logs");

    /** A part of the port scan. */
    private static final Instant MISSED = Instant.parse("2026-01-15T09:55:00Z");

    private static final String MISSED_NAME = "_20260115T0955Z_";

    @TempDir
    static Path folder;

    private static KafkaBroker kafka;

    @BeforeAll
    static void runLive() throws IOException {
        kafka = KafkaBroker.start();
        try (Stream<Path> files = Files.walk(SAMPLE).filter(Files::isRegularFile)) {
            for (Path object : files.toList()) {
                boolean missed = object.toString().contains(MISSED_NAME);
                Path copy = copy(object, folder.resolve("bucket"));
                Files.setLastModifiedTime(copy, FileTime.from(MISSED.plus(Duration.ofMinutes(missed ? 47 : 1))));
                if (!missed) {
                    copy(object, folder.resolve("seen-live"));
                }
            }
        }
        assertThat(LocalRun.execute(
                        "--input=" + folder.resolve("seen-live"), "--brokers=" + kafka.brokers(), "--quiet"))
                .isZero();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void aReplayOfWhatWasReadLiveSaysTheSame() {
        Shown shown = replay("seen-live");

        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains("From     topic vpc-flow-alerts", "To       this replay, topic vpc-flow-replay-alerts")
                .contains("Findings: 4 the same, 0 new, 0 gone, 0 changed");
    }

    @Test
    void whatCameTooLateIsNamedFindingByFinding() throws IOException {
        Path json = folder.resolve("late.json");

        Shown shown = replay("bucket", "--json=" + json);

        assertThat(shown.code()).as(shown.err()).isZero();
        JsonNode diff = new ObjectMapper().readTree(json.toFile());
        assertThat(diff.get("changed"))
                .filteredOn(change -> change.get("rule").asText().equals("port-scan"))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.get("changes"))
                            .extracting(one -> one.get("field").asText())
                            .contains("count", "numbers.ports");
                    assertThat(change.get("late"))
                            .extracting(JsonNode::asText)
                            .anyMatch(reason -> reason.startsWith("published late: ")
                                    && reason.contains(MISSED_NAME)
                                    && reason.endsWith("47 min after its slot began"));
                });
        assertThat(shown.out()).contains("CHANGED  ", "         published late: ");
    }

    /** Else the replay would be compared with itself, and nothing would ever differ. */
    @Test
    void whatReplaysHaveWrittenIntoTheTopicIsNotTakenForWhatWasSaidLive() {
        for (int time = 0; time < 2; time++) {
            Shown shown = replay("bucket", "--into-live-topics");

            assertThat(shown.code()).as(shown.err()).isZero();
            assertThat(shown.out())
                    .contains("From     topic vpc-flow-alerts", "To       this replay, topic vpc-flow-alerts")
                    .contains("CHANGED  ", "port-scan");
        }

        List<String> lines = tail();
        List<String> replayed = tail("--run-mode=replay");
        List<String> live = tail("--run-mode=live");
        assertThat(replayed).isNotEmpty().allMatch(line -> line.endsWith("]  replay"));
        assertThat(live).isNotEmpty().noneMatch(line -> line.contains("  replay"));
        assertThat(lines).hasSize(replayed.size() + live.size());
        assertThat(tail("--run-mode=replay", "--json"))
                .hasSameSizeAs(replayed)
                .noneMatch(line -> line.contains("replay"));
    }

    @Test
    void oneReplayIsComparedWithAnother() {
        Shown once = run(
                "--input=" + folder.resolve("bucket"),
                "--brokers=" + kafka.brokers(),
                "--set=alerts.kafka.topic=vpc-flow-again-alerts");
        assertThat(once.code()).as(once.err()).isZero();

        Shown shown = run(
                "--input=" + folder.resolve("bucket"),
                "--brokers=" + kafka.brokers(),
                "--set=alerts.kafka.topic=vpc-flow-once-more-alerts",
                "--compare-with=vpc-flow-again-alerts");

        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("Findings: 4 the same, 0 new, 0 gone, 0 changed");
    }

    @Test
    void aTopicThatIsNotThereIsRefused() {
        Shown shown = run("--input=" + SAMPLE, "--compare-with=no-such-topic", "--brokers=" + kafka.brokers());

        assertThat(shown.code()).isEqualTo(2);
        assertThat(shown.err()).startsWith("--compare-with: 'no-such-topic' is not allowed; expected");
    }

    private static Shown replay(String input, String... options) {
        List<String> all = new ArrayList<>(List.of(
                "--input=" + folder.resolve(input), "--brokers=" + kafka.brokers(), "--compare-with=vpc-flow-alerts"));
        all.addAll(List.of(options));
        return run(all.toArray(String[]::new));
    }

    private static List<String> tail(String... options) {
        List<String> all = new ArrayList<>(List.of("--brokers=" + kafka.brokers(), "--no-follow"));
        all.addAll(List.of(options));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = TailAlerts.execute(
                new PrintStream(out, true, StandardCharsets.UTF_8), System.err, all.toArray(String[]::new));
        assertThat(code).isZero();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static Shown run(String... options) {
        List<String> all = new ArrayList<>(List.of("--from=2026-01-15T09:00Z", "--to=2026-01-15T12:00Z"));
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

    private static Path copy(Path object, Path bucket) throws IOException {
        Path copy = bucket.resolve(SAMPLE.relativize(object).toString());
        Files.createDirectories(copy.getParent());
        return Files.copy(object, copy);
    }
}
