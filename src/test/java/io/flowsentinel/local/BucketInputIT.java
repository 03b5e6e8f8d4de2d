package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.testing.FlowLogBucket;
import io.flowsentinel.testing.RunOutput;
import io.flowsentinel.testing.S3Server;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --input s3://...} as people write it, against a real S3 server. */
class BucketInputIT {

    private static final String KEY = "AWSLogs/123456789010/vpcflowlogs/eu-west-1/2026/01/15/"
            + "123456789010_vpcflowlogs_eu-west-1_fl-0123456789abcdef0_20260115T1200Z_00000001.log.gz";

    @TempDir
    static Path folder;

    private static S3Server s3;
    private static int runs;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path output;

    @BeforeAll
    static void publish() throws Exception {
        s3 = S3Server.start(folder);
        s3.createBucket("logs");
        s3.createBucket("empty");
        s3.put(
                "logs",
                KEY,
                FlowLogBucket.gzip("2 123456789010 eni-0a 198.51.100.7 10.0.0.9 40000 443 6 5 500 1768478400 1768478450"
                        + " ACCEPT OK\n"));
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://logs", "s3://logs/", "s3://logs/AWSLogs", "s3://logs/" + KEY})
    void aBucketAFolderAndAnObjectAreRead(String input) {
        int exitCode = run(input, s3.endpoint());

        assertThat(exitCode).as(text()).isZero();
        assertThat(new RunOutput(output).report().get("records_ok").asLong()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "s3://no-such-bucket/, 2, s3://no-such-bucket",
        "s3://logs/nothere/, 2, s3://logs/nothere/",
    })
    void whatIsNotThereIsNamedInOneLine(String input, int expected, String named) {
        int exitCode = run(input, s3.endpoint());

        assertThat(exitCode).isEqualTo(expected);
        assertThat(text().lines())
                .singleElement()
                .asString()
                .contains("source.uri", named)
                .hasSizeLessThan(400);
    }

    @Test
    void aStoreThatCannotBeReachedIsNamedWithTheInput() {
        int exitCode = run("s3://logs/", "http://127.0.0.1:1");

        assertThat(exitCode).isEqualTo(1);
        assertThat(text().lines()).singleElement().asString().contains("s3://logs/", "refused");
    }

    @Test
    void anEmptyBucketIsReadAndSaidToBeEmpty() {
        int exitCode = run("s3://empty", s3.endpoint());

        assertThat(exitCode).as(text()).isZero();
        assertThat(new RunOutput(output).report().get("objects_found").asLong()).isZero();
    }

    private int run(String input, String endpoint) {
        output = folder.resolve("out-" + runs++);
        return LocalRun.execute(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                "--input",
                input,
                "--output",
                output.toString(),
                "--quiet",
                "--set",
                "s3.endpoint=" + endpoint,
                "--set",
                "s3.path-style-access=true",
                "--set",
                "s3.access-key=local",
                "--set",
                "s3.secret-key=local",
                "--set",
                "s3.region=us-east-1",
                "--set",
                "s3.retry.max-num-retries=0");
    }

    private String text() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
