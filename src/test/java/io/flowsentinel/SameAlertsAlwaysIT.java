package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flowsentinel.local.LocalRun;
import io.flowsentinel.testing.ConnectionInvariants;
import io.flowsentinel.testing.ParquetObject;
import io.flowsentinel.testing.Redelivery;
import io.flowsentinel.testing.RunOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample, read in different orders and at different parallelism: the same feeds, byte for byte. */
class SameAlertsAlwaysIT {

    private static final Path SAMPLE = Path.of("src/sample/logs");

    @TempDir
    static Path folder;

    private static RunOutput reference;

    @BeforeAll
    static void runOnce() {
        reference = run(SAMPLE, 1, "reference");
    }

    @Test
    void theSampleRaisesItsIncidentsAndNothingElse() {
        List<JsonNode> creates = reference.feed("alerts").stream()
                .filter(alert -> alert.get("activity_id").asInt() == 1)
                .toList();

        assertThat(creates)
                .extracting(alert -> alert.at("/metadata/event_code").asText())
                .containsExactlyInAnyOrder("port-scan", "host-sweep", "exposed-admin-service", "nacl-reply-drop");
    }

    @Test
    void theAccountsOfTheSampleAddUp() {
        JsonNode report = reference.report();

        assertThat(report.get("records_late").asLong()).isZero();
        assertThat(report.get("records_quarantined").asLong()).isZero();
        ConnectionInvariants.of(reference.connections()).hold().accountFor(report);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void orderOfFilesAndParallelismChangeNothing(int parallelism) throws IOException {
        Path shuffled = folder.resolve("shuffled-" + parallelism);
        copyWithShuffledTimes(shuffled, parallelism);

        RunOutput output = run(shuffled, parallelism, "output-" + parallelism);

        for (String feed : List.of("connections", "alerts", "suppressed")) {
            assertThat(withoutPaths(output, feed)).as(feed).isEqualTo(withoutPaths(reference, feed));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void otherObjectsWithTheSameRecordsChangeNothing(int parallelism) throws IOException {
        Path recut = folder.resolve("recut-" + parallelism);
        new Redelivery(SAMPLE, new Random(parallelism)).into(recut);

        RunOutput output = run(recut, parallelism, "recut-output-" + parallelism);

        assertThat(output.report().get("objects_read").asLong())
                .isEqualTo(2 * reference.report().get("objects_read").asLong());
        assertThat(output.lines("connections")).isEqualTo(reference.lines("connections"));
        for (String feed : List.of("alerts", "suppressed")) {
            assertThat(output.withoutRecords(feed)).as(feed).isEqualTo(reference.withoutRecords(feed));
        }
        assertThat(counts(output)).isEqualTo(counts(reference));
    }

    @Test
    void theSameRecordsAsParquetInHiveFoldersOfHoursChangeNothing() throws IOException {
        Path parquet = folder.resolve("parquet");
        try (Stream<Path> files = Files.walk(SAMPLE).filter(Files::isRegularFile)) {
            for (Path object : files.toList()) {
                String name = object.getFileName().toString();
                Path like = parquet.resolve(name.replaceFirst(
                        "^(\\d+)_vpcflowlogs_([a-z0-9-]+)_(.*_(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d).*)\\.gz$",
                        "AWSLogs/aws-account-id=$1/aws-service=vpcflowlogs/aws-region=$2/year=$4/month=$5/day=$6/hour=$7/"
                                + "$1_vpcflowlogs_$2_$3.parquet"));
                List<String> lines = Redelivery.lines(object);
                Files.createDirectories(like.getParent());
                Files.write(
                        like,
                        ParquetObject.of(
                                lines.get(0), lines.subList(1, lines.size()).toArray(String[]::new)));
            }
        }

        RunOutput output = run(parquet, 2, "parquet-output");

        assertThat(output.lines("connections")).isEqualTo(reference.lines("connections"));
        assertThat(output.withoutRecords("alerts")).isEqualTo(reference.withoutRecords("alerts"));
        assertThat(output.report().get("header_lines").asLong()).isZero();
        assertThat(counts(output)).isEqualTo(counts(reference));
    }

    /** The accounts of the records: there are twice the objects, each with a header. */
    private static JsonNode counts(RunOutput output) {
        ObjectNode report = (ObjectNode) output.report();
        long records =
                report.get("lines_read").asLong() - report.get("header_lines").asLong();
        report.put("lines_read", records);
        report.remove(List.of(
                "objects_found",
                "objects_read",
                "bytes_read",
                "header_lines",
                "list_calls",
                "run_id",
                "elapsed_ms",
                "records_per_second"));
        return report;
    }

    private static List<String> withoutPaths(RunOutput output, String feed) {
        return output.lines(feed).stream()
                .map(line -> line.replaceAll("\"file:[^\"]*/AWSLogs/", "\"AWSLogs/"))
                .toList();
    }

    private static RunOutput run(Path input, int parallelism, String name) {
        Path out = folder.resolve(name);
        int exitCode = LocalRun.execute(
                "--input",
                input.toString(),
                "--output",
                out.toString(),
                "--parallelism",
                Integer.toString(parallelism),
                "--quiet");
        assertThat(exitCode).isZero();
        return new RunOutput(out);
    }

    private static void copyWithShuffledTimes(Path target, long seed) throws IOException {
        Random random = new Random(seed);
        try (Stream<Path> files = Files.walk(SAMPLE).filter(Files::isRegularFile)) {
            files.sorted().forEach(file -> copy(file, target.resolve(SAMPLE.relativize(file)), random));
        }
    }

    private static void copy(Path from, Path to, Random random) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to);
            Files.setLastModifiedTime(to, FileTime.fromMillis(1_700_000_000_000L + random.nextInt(1_000_000_000)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
