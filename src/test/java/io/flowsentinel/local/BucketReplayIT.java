package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.testing.RunOutput;
import io.flowsentinel.testing.S3Faults;
import io.flowsentinel.testing.S3Server;
import io.flowsentinel.testing.SampleFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replays of a bucket, with savepoints in a bucket, against a real S3 server: they say what the same replays of a folder
 * say, byte for byte but for the names of the objects, of which only the root differs.
 */
class BucketReplayIT {

    private static final String INPUT = "s3://flow-logs/AWSLogs";
    private static final String SAVEPOINTS = "s3://states/savepoints";
    private static final String BEGIN = "2026-01-15T09:00Z";
    private static final String END = "2026-01-15T12:00Z";

    /** Started or not is told by what is there afterwards; a user waits no longer for a refusal. */
    private static final Duration AT_ONCE = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static S3Server s3;

    /** Rules that learn speak from the beginning. */
    private static Path rules;

    /** The endpoint and the keys, as a user's configuration has them. */
    private static Path config;

    private static RunOutput ofFolder;
    private static int refusals;

    @BeforeAll
    static void publish() throws Exception {
        s3 = S3Server.start(folder.resolve("s3"));
        SampleFiles.publish(s3, "flow-logs");
        s3.createBucket("states");
        rules = Files.writeString(folder.resolve("rules.yaml"), "baseline: {days: 0, hours: 0}\n");
        config = Files.writeString(
                folder.resolve("replay.yaml"),
                """
                job.run-mode: replay
                s3.endpoint: %s
                s3.path-style-access: true
                s3.access-key: local
                s3.secret-key: local
                s3.region: us-east-1
                s3.retry.max-num-retries: 0
                """
                        .formatted(s3.endpoint()));
        Shown shown = run(
                "--input=" + SampleFiles.FOLDER.resolve("AWSLogs"),
                "--from=" + BEGIN,
                "--to=" + END,
                "--rules=" + rules,
                "--output=" + folder.resolve("of-folder"));
        assertThat(shown.code()).as(shown.err()).isZero();
        ofFolder = output("of-folder");
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @Test
    void aRangeOfABucketGivesTheFeedsOfTheSameRangeOfAFolder() {
        Shown shown = replay("--from=" + BEGIN, "--to=" + END, "--output=" + folder.resolve("range"));

        assertThat(shown.code()).as(shown.err()).isZero();
        for (String feed : RunOutput.FEEDS) {
            assertThat(output("range").lines(feed)).as(feed).isEqualTo(asOfBucket(ofFolder.lines(feed)));
        }
        for (String account : List.of("objects_found", "objects_read", "lines_read", "records_ok", "alerts")) {
            assertThat(output("range").report().get(account))
                    .as(account)
                    .isEqualTo(ofFolder.report().get(account));
        }
    }

    @Test
    void aSavepointInABucketIsGoneOnFromAndRewoundTo() throws IOException {
        Shown history = replay(
                "--from=" + BEGIN,
                "--to=2026-01-15T10:02:30Z",
                "--take-savepoint=" + SAVEPOINTS,
                "--output=" + folder.resolve("history"));
        assertThat(history.code()).as(history.err()).isZero();
        String savepoint = savepoint(history);
        assertThat(savepoint).startsWith(SAVEPOINTS + "/savepoint-");

        Shown rest = replay("--savepoint=" + savepoint, "--to=" + END, "--output=" + folder.resolve("rest"));

        assertThat(rest.code()).as(rest.err()).isZero();
        for (String feed : RunOutput.FEEDS) {
            List<String> both = RunOutput.lines(feed, output("history"), output("rest"));
            assertThat(both).as(feed).isEqualTo(asOfBucket(ofFolder.lines(feed)));
        }
        assertThat(output("rest").lines("alerts")).isNotEmpty();

        Path others = Files.writeString(
                folder.resolve("others.yaml"),
                "baseline: {days: 0, hours: 0}\nrules:\n  host-sweep: {severity: medium}\n");
        Path json = folder.resolve("what-if.json");

        Shown whatIf = replay("--savepoint=" + savepoint, "--to=" + END, "--what-if=" + others, "--json=" + json);

        assertThat(whatIf.code()).as(whatIf.err()).isZero();
        JsonNode differences = new ObjectMapper().readTree(json.toFile());
        assertThat(differences.get("changed"))
                .extracting(change -> change.get("rule").asText() + " "
                        + change.at("/changes/0/field").asText() + " "
                        + change.at("/changes/0/after").asText())
                .containsExactly("host-sweep severity medium");
        assertThat(differences.get("same").asInt()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--input=s3://no-such-bucket/ --from=BEGIN | source.uri: 's3://no-such-bucket/'",
                "--input=INPUT --from=BEGIN --take-savepoint=s3://no-such-bucket/savepoints"
                        + " | --take-savepoint: 's3://no-such-bucket/savepoints'",
                "--input=INPUT --savepoint=s3://states/savepoints/savepoint-000000-000000000000"
                        + " | --savepoint: 's3://states/savepoints/savepoint-000000-000000000000' is not allowed",
                "--input=INPUT --savepoint=s3://no-such-bucket/savepoint-000000-000000000000"
                        + " | --savepoint: 's3://no-such-bucket/savepoint-000000-000000000000'",
            })
    void whatIsNotThereIsRefusedBeforeAnythingIsStarted(String options, String message) {
        Path refused = folder.resolve("refused-" + refusals++);
        List<String> all = new ArrayList<>(List.of("--config=" + config, "--to=" + END, "--output=" + refused));
        all.addAll(
                List.of(options.replace("BEGIN", BEGIN).replace("INPUT", INPUT).split(" ")));
        long begin = System.nanoTime();

        Shown shown = run(all.toArray(String[]::new));

        assertThat(shown.code()).as(shown.err()).isEqualTo(2);
        assertThat(shown.err().lines())
                .singleElement()
                .asString()
                .startsWith(message)
                .hasSizeLessThan(400);
        assertThat(shown.out()).isEmpty();
        assertThat(refused).doesNotExist();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--input", "--savepoint", "--take-savepoint"})
    void aStoreThatRefusesTheCredentialsIsNamedWithWhatWasAskedOfIt(String option) throws Exception {
        try (S3Faults faults = S3Faults.before(s3)) {
            String refused = option.equals("--input") ? "flow-logs" : "states";
            faults.on(request -> request.bucket().equals(refused)).always().accessDenied();
            List<String> all = new ArrayList<>(List.of(
                    "--config=" + config,
                    "--set=s3.endpoint=" + faults.endpoint(),
                    "--input=" + INPUT,
                    "--to=" + END,
                    "--output=" + folder.resolve("refused" + option)));
            all.add(option.equals("--input") ? "--from=" + BEGIN : option + "=" + SAVEPOINTS);
            if (option.equals("--take-savepoint")) {
                all.add("--from=" + BEGIN);
            }

            Shown shown = run(all.toArray(String[]::new));

            assertThat(shown.code()).as(shown.err()).isEqualTo(2);
            assertThat(shown.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith(option.equals("--input") ? "source.uri: '" + INPUT : option + ": '" + SAVEPOINTS)
                    .contains("403")
                    .hasSizeLessThan(400);
            assertThat(shown.out()).isEmpty();
            assertThat(folder.resolve("refused" + option)).doesNotExist();
        }
    }

    @Test
    void aRewindOverAnotherBucketIsRefusedUnlessItIsMeant() throws Exception {
        Shown history = replay(
                "--from=" + BEGIN,
                "--to=2026-01-15T11:00Z",
                "--take-savepoint=" + SAVEPOINTS,
                "--output=" + folder.resolve("before-move"));
        assertThat(history.code()).as(history.err()).isZero();
        SampleFiles.publish(s3, "moved");
        String[] rewind = {
            "--config=" + config,
            "--rules=" + rules,
            "--input=s3://moved",
            "--savepoint=" + savepoint(history),
            "--to=" + END,
            "--output=" + folder.resolve("moved")
        };

        Shown refused = run(rewind);

        assertThat(refused.code()).as(refused.err()).isEqualTo(2);
        assertThat(refused.err().lines())
                .singleElement()
                .asString()
                .startsWith(
                        "source.uri: 's3://moved' has nothing to do with what the savepoint was taken over, " + INPUT);
        assertThat(folder.resolve("moved")).doesNotExist();

        List<String> meant = new ArrayList<>(List.of(rewind));
        meant.add("--set=source.allow-other-input=true");
        Shown moved = run(meant.toArray(String[]::new));

        assertThat(moved.code()).as(moved.err()).isZero();
        List<String> connections = RunOutput.lines("connections", output("before-move"), output("moved"));
        assertThat(connections).isEqualTo(asOfBucket(ofFolder.lines("connections")));
    }

    private static List<String> asOfBucket(List<String> lines) {
        String root = SampleFiles.FOLDER.toAbsolutePath().toString();
        return lines.stream()
                .map(line -> line.replace("file:" + root, "s3://flow-logs"))
                .sorted()
                .toList();
    }

    private static Shown replay(String... options) {
        List<String> all = new ArrayList<>(List.of("--config=" + config, "--input=" + INPUT, "--rules=" + rules));
        all.addAll(List.of(options));
        return run(all.toArray(String[]::new));
    }

    private static Shown run(String... options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = ReplayRun.execute(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                options);
        return new Shown(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private record Shown(int code, String out, String err) {}

    private static String savepoint(Shown shown) {
        return shown.out()
                .lines()
                .filter(line -> line.startsWith("Savepoint  "))
                .findFirst()
                .orElseThrow()
                .substring("Savepoint  ".length());
    }

    private static RunOutput output(String name) {
        return new RunOutput(folder.resolve(name));
    }
}
