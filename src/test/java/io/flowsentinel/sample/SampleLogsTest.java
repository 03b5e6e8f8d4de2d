package io.flowsentinel.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleLogsTest {

    private static final Path COMMITTED = Path.of("src/sample/logs");
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);

    @TempDir
    private Path folder;

    @Test
    void theCommittedSampleIsWhatTheGeneratorWrites() throws IOException {
        SampleLogs.write(folder, Settings.REPOSITORY_SAMPLE);

        // Inflated, because another zlib packs the same lines into other bytes.
        assertThat(Delivery.read(folder).objects())
                .isEqualTo(Delivery.read(COMMITTED).objects());
    }

    @Test
    void theSameSettingsWriteTheSameBytes() throws IOException {
        Settings settings = shortSample(7);

        SampleLogs.write(folder.resolve("once"), settings);
        SampleLogs.write(folder.resolve("again"), settings);

        assertThat(bytes(folder.resolve("again"))).isEqualTo(bytes(folder.resolve("once")));
    }

    @Test
    void anotherSeedWritesOtherRecords() throws IOException {
        SampleLogs.write(folder.resolve("seven"), shortSample(7));
        SampleLogs.write(folder.resolve("eight"), shortSample(8));

        assertThat(Delivery.read(folder.resolve("seven")).records())
                .doesNotContainAnyElementsOf(
                        Delivery.read(folder.resolve("eight")).records());
    }

    @Test
    void anObjectHoldsTheRecordsThatEndInItsSlot() throws IOException {
        Delivery delivery = Delivery.read(COMMITTED);

        delivery.objects().forEach((key, lines) -> {
            long slot = slot(key);
            assertThat(lines.get(0)).isEqualTo(RecordLine.HEADER);
            assertThat(lines.stream().skip(1).map(line -> line.split(" ", -1)))
                    .isNotEmpty()
                    .allSatisfy(columns -> {
                        assertThat(Long.parseLong(columns[11])).isBetween(slot, slot + 299);
                        assertThat(Long.parseLong(columns[10])).isLessThanOrEqualTo(Long.parseLong(columns[11]));
                    });
        });
    }

    @Test
    void keysFollowTheLayoutOfAwsWithTwoFlowLogsInEverySlot() throws IOException {
        Delivery delivery = Delivery.read(COMMITTED);

        assertThat(delivery.objects().keySet())
                .hasSize(2 * 3 * 12)
                .allMatch(
                        key -> key.matches(
                                "AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/01/15/"
                                        + "123456789012_vpcflowlogs_us-east-1_fl-[0-9a-f]{17}_20260115T\\d{4}Z_[0-9a-f]{8}\\.log\\.gz"));
    }

    @Test
    void aConnectionThroughTheNatGatewayIsLoggedSixTimes() throws IOException {
        List<Map<String, String>> records = Delivery.read(COMMITTED).records();
        String nat = "10.20.0.220";

        Map<String, List<Map<String, String>>> byInnerPort = records.stream()
                .filter(row -> row.get("pkt-srcaddr").startsWith("10.20.10.2")
                        && row.get("pkt-dstaddr").equals("192.0.2.15")
                        && row.get("dstport").equals("443")
                        && row.get("tcp-flags").equals("3"))
                .collect(Collectors.groupingBy(row -> row.get("srcport")));

        // The instance's own record and the gateway's inner one; the translated pair has another port.
        assertThat(byInnerPort.values())
                .isNotEmpty()
                .filteredOn(rows -> rows.size() == 2)
                .allSatisfy(rows -> assertThat(rows)
                        .extracting(row -> row.get("dstaddr"), row -> row.get("instance-id")
                                .equals("-"))
                        .containsExactlyInAnyOrder(tuple("192.0.2.15", false), tuple(nat, true)));
        assertThat(records)
                .anyMatch(row ->
                        row.get("srcaddr").equals(nat) && row.get("pkt-srcaddr").equals("192.0.2.15"))
                .anyMatch(row -> row.get("srcaddr").equals(nat)
                        && row.get("pkt-srcaddr").equals(nat)
                        && row.get("dstaddr").equals("192.0.2.15"));
    }

    @Test
    void trafficPathIsKnownOnEgressOnly() throws IOException {
        List<Map<String, String>> records = Delivery.read(COMMITTED).records();

        assertThat(records)
                .filteredOn(row -> row.get("log-status").equals("OK"))
                .allMatch(row -> row.get("flow-direction").equals("ingress")
                        == row.get("traffic-path").equals("-"));
    }

    @Test
    void interfacesWithoutTrafficSayNodataAndOneLosesRecords() throws IOException {
        List<Map<String, String>> records = Delivery.read(COMMITTED).records();

        assertThat(records)
                .filteredOn(row -> row.get("log-status").equals("SKIPDATA"))
                .hasSize(1);
        assertThat(records)
                .filteredOn(row -> row.get("log-status").equals("NODATA"))
                .hasSizeGreaterThan(100)
                .allMatch(row ->
                        row.get("srcaddr").equals("-") && row.get("action").equals("-"));
    }

    @Test
    void aWantedNumberOfRecordsIsMetRoughly() throws IOException {
        SampleLogs.Written written = SampleLogs.write(folder, shortSample(7).withRecords(200_000));

        assertThat(written.records()).isBetween(160_000L, 240_000L);
        assertThat(written.records()).isEqualTo(Delivery.read(folder).records().size());
    }

    @Test
    void aStartBetweenSlotsIsRefused() {
        assertThatThrownBy(() -> new Settings(1, Instant.parse("2026-01-15T09:01:00Z"), HALF_HOUR, 1))
                .hasMessageContaining("start '2026-01-15T09:01:00Z'");
    }

    private static Settings shortSample(long seed) {
        return new Settings(seed, Instant.parse("2026-03-01T00:00:00Z"), HALF_HOUR, 1);
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }

    private static long slot(String key) {
        String text = key.substring(key.indexOf("_2026") + 1);
        return Instant.parse("2026-%s-%sT%s:%s:00Z"
                        .formatted(
                                text.substring(4, 6),
                                text.substring(6, 8),
                                text.substring(9, 11),
                                text.substring(11, 13)))
                .getEpochSecond();
    }

    private static List<String> bytes(Path root) throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                all.add(root.relativize(file) + " " + java.util.HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return all;
    }
}
