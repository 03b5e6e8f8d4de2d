package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user gets for a replay that makes no sense: exit code 2 and one line, before anything is started. */
class ReplayRefusalTest {

    private static final int INVALID = 2;
    private static final String RANGE = "--from=2026-01-15T09:00Z --to=2026-01-15T12:00Z";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--from=2026-01-15 --output=OUT | --to: not set; expected the end of the range",
                "--to=2026-01-15 --output=OUT | --from: not set; expected the beginning of the range",
                "--from=2026-01-16 --to=2026-01-15 --output=OUT | source.to: '2026-01-15T00:00:00Z' is not allowed",
                "RANGE | --output: not set; expected --output DIR or --brokers HOST:PORT",
                "RANGE --output=OUT --continuous | Unknown option: '--continuous'",
                "RANGE --output=OUT --set=source.mode=continuous | source.mode: 'continuous' is not allowed",
                "RANGE --output=OUT --savepoint=/nowhere | --savepoint: '/nowhere' is not allowed; expected a savepoint",
                "RANGE --output=OUT --json=a.json | --json: 'a.json' is not allowed alone",
                "RANGE --output=OUT --compare-with=OUT | --compare-with: 'OUT' is not allowed; expected a folder with",
                "RANGE --output=OUT --compare-with=topic | --compare-with: 'topic' is not allowed; expected an output",
                "RANGE --what-if=/nowhere.yaml | rules.file: '/nowhere.yaml'",
                "RANGE --what-if=a.yaml --brokers=localhost:9092 | --brokers: not allowed beside --what-if",
                "RANGE --what-if=a.yaml --take-savepoint=OUT | --take-savepoint: not allowed beside --what-if",
                "RANGE --brokers=localhost:9092 --set=alerts.kafka.topic=vpc-flow-alerts"
                        + " | alerts.kafka.topic: 'vpc-flow-alerts' is not allowed; expected for a replay",
                "RANGE --brokers=localhost:9092 --set=sink.transactional-id-prefix=flow-sentinel-live"
                        + " | sink.transactional-id-prefix: 'flow-sentinel-live' is not allowed; expected for a replay",
                "RANGE --output=OUT --set=job.replay-id=a/b | job.replay-id: 'a/b' is not allowed"
            })
    void aWrongOptionIsNamedOnOneLine(String options, String message) {
        int exitCode = run(options);

        assertThat(exitCode).isEqualTo(INVALID);
        assertThat(text(out)).isEmpty();
        assertThat(text(err).lines()).singleElement().asString().startsWith(message.replace("OUT", folder.toString()));
    }

    @Test
    void helpNamesEveryOptionButThoseOfALiveJob() {
        int exitCode = run("--help");

        assertThat(exitCode).isZero();
        assertThat(text(out))
                .contains("--from", "--to", "--savepoint", "--take-savepoint", "--what-if", "--compare-with", "--json")
                .contains("--into-live-topics", "--on-cluster", "--rules", "Exit codes")
                .doesNotContain("--continuous");
    }

    private int run(String options) {
        List<String> arguments = new ArrayList<>(List.of("--input=src/sample/logs"));
        String all = options.replace("RANGE", RANGE).replace("OUT", folder.toString());
        arguments.addAll(List.of(all.split(" ")));
        return ReplayRun.execute(printTo(out), printTo(err), arguments.toArray(String[]::new));
    }

    private static PrintStream printTo(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
