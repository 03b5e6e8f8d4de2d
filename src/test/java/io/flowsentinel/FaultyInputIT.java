package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.local.LocalRun;
import io.flowsentinel.testing.FlowLogBucket;
import io.flowsentinel.testing.RunOutput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder with everything that goes wrong in a bucket: the job goes on, and nothing is lost without an account. */
class FaultyInputIT {

    private static final String HEADER =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
    private static final long NOON = 1_768_478_400;
    private static final int GZIP_TRAILER = 8;

    @TempDir
    static Path folder;

    private static RunOutput output;

    @BeforeAll
    static void runOverAFaultyFolder() {
        FlowLogBucket bucket = new FlowLogBucket(folder.resolve("logs"));
        bucket.publish(NOON + 60, List.of(HEADER, line(1), line(2)));
        bucket.publish(
                NOON + 360,
                List.of(
                        HEADER,
                        line(3),
                        "",
                        "complete nonsense",
                        line(4).replace("ACCEPT", "PERHAPS"),
                        line(5).replace(" 443 ", " 70000 "),
                        "2 123456789010 eni-1 - - - - - - - 1768478400 1768478460 - NODATA",
                        "2 123456789010 eni-1 - - - - - - - 1768478400 1768478460 - SKIPDATA",
                        HEADER,
                        line(6),
                        line(6)));
        byte[] whole = FlowLogBucket.gzip(manyLines(1));
        bucket.publishBytes(NOON + 660, Arrays.copyOf(whole, whole.length / 2));
        byte[] corrupt = FlowLogBucket.gzip(manyLines(2));
        corrupt[corrupt.length - GZIP_TRAILER] ^= 1; // the checksum, so that the lines before it are known
        bucket.publishBytes(NOON + 960, corrupt);
        bucket.publishBytes(NOON + 1260, new byte[0]);
        bucket.publish(NOON + 1560, List.of(HEADER));
        bucket.write("AWSLogs/123456789010/vpcflowlogs/eu-west-1/2026/01/15/notes.log.gz", whole);
        String parquet = "123456789010_vpcflowlogs_eu-west-1_fl-0a_20260115T1200Z_00000000.log.parquet";
        bucket.write(
                "AWSLogs/123456789010/vpcflowlogs/eu-west-1/2026/01/15/" + parquet,
                "PAR1....PAR1".getBytes(StandardCharsets.UTF_8));
        bucket.write("inventory/list.csv", "a,b".getBytes(StandardCharsets.UTF_8));
        Path out = folder.resolve("out");

        int exitCode = LocalRun.execute("--input", bucket.uri(), "--output", out.toString(), "--quiet");

        assertThat(exitCode).isZero();
        output = new RunOutput(out);
    }

    @Test
    void everyObjectIsReadOrFailedAndStraysAreCounted() {
        JsonNode report = output.report();

        assertThat(report.get("objects_found").asLong()).isEqualTo(7);
        assertThat(report.get("objects_failed").asLong()).isEqualTo(3);
        assertThat(report.get("objects_read").asLong()).isEqualTo(4);
        assertThat(report.get("objects_stray").asLong()).isEqualTo(2);
    }

    @Test
    void everyLineHasAnAccount() {
        JsonNode report = output.report();

        assertThat(report.get("lines_read").asLong())
                .isEqualTo(sum(
                        report,
                        "header_lines",
                        "records_ok",
                        "records_nodata",
                        "records_skipdata",
                        "records_quarantined"));
        assertThat(report.get("records_nodata").asLong()).isEqualTo(1);
        assertThat(report.get("records_skipdata").asLong()).isEqualTo(1);
        assertThat(report.get("records_quarantined").asLong()).isEqualTo(4);
        assertThat(report.get("records_duplicate").asLong()).isEqualTo(1);
    }

    @Test
    void everyUsableRecordIsInAConnectionOrADuplicateOrLate() {
        long inConnections = output.feed("connections").stream()
                .filter(connection -> connection.at("/unmapped/event").asText().equals("close"))
                .mapToLong(connection -> connection.at("/unmapped/records").asLong())
                .sum();

        assertThat(output.report().get("records_ok").asLong())
                .isEqualTo(inConnections + sum(output.report(), "records_duplicate", "records_late"));
    }

    @Test
    void quarantineSaysWhichLineAndWhy() {
        List<JsonNode> rows = output.feed("quarantine");

        assertThat(rows).hasSize(7);
        assertThat(rows).filteredOn(row -> row.get("line_number").asLong() == 0).hasSize(3);
        assertThat(rows).extracting(row -> row.get("line_number").asLong()).contains(3L, 4L, 5L, 6L);
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.get("reason").asText()).isNotBlank());
    }

    private static long sum(JsonNode report, String... names) {
        return Arrays.stream(names).mapToLong(name -> report.get(name).asLong()).sum();
    }

    private static String line(int host) {
        return "2 123456789010 eni-1 198.51.100." + host + " 10.0.0.9 " + (40_000 + host) + " 443 6 5 500 " + NOON + " "
                + (NOON + 50) + " ACCEPT OK";
    }

    /** Enough lines, and random enough, that half of the compressed bytes hold some of them. */
    private static String manyLines(long seed) {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        lines.add(HEADER);
        for (int i = 0; i < 5_000; i++) {
            long start = NOON + 600 + random.nextInt(60);
            lines.add("2 123456789010 eni-1 198.51.100." + random.nextInt(256) + " 10.0.0.9 "
                    + (1024 + random.nextInt(60_000)) + " 443 6 5 " + random.nextInt(100_000) + " " + start + " "
                    + (start + random.nextInt(60)) + " ACCEPT OK");
        }
        return String.join("\n", lines) + "\n";
    }
}
