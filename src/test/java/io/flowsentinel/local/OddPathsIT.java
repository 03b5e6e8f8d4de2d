package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.testing.FlowLogBucket;
import io.flowsentinel.testing.RunOutput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths as people have them: blanks and percent signs mean nothing. */
class OddPathsIT {

    private static final long NOON = 1_768_478_400;
    private static final String RECORD =
            "2 123456789010 eni-1 198.51.100.7 10.0.0.9 40000 443 6 5 500 " + NOON + " " + (NOON + 50) + " ACCEPT OK";

    @TempDir
    private Path folder;

    @Test
    void aFolderIsReadAndWritten() {
        FlowLogBucket bucket = new FlowLogBucket(folder.resolve("my logs, 100%25"));
        bucket.publish(NOON + 60, List.of(RECORD, "nonsense"));

        RunOutput output = run(bucket.uri(), folder.resolve("my feeds, 50%"));

        assertThat(output.feed("connections")).hasSize(1);
        assertThat(output.feed("quarantine"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("object").asText()).contains("/my logs, 100%25/AWSLogs/"));
    }

    @Test
    void aSingleFileIsRead() {
        Path file = new FlowLogBucket(folder.resolve("logs"))
                .write("one more.log", (RECORD + "\n").getBytes(StandardCharsets.UTF_8));

        RunOutput output = run(file.toString(), folder.resolve("out"));

        assertThat(output.report().get("objects_read").asLong()).isEqualTo(1);
        assertThat(output.feed("connections")).hasSize(1);
    }

    private static RunOutput run(String input, Path output) {
        int exitCode = LocalRun.execute("--input", input, "--output", output.toString(), "--quiet");

        assertThat(exitCode).isZero();
        return new RunOutput(output);
    }
}
