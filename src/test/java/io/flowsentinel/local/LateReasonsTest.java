package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.sink.Feed;
import io.flowsentinel.source.discovery.FolderListing;
import io.flowsentinel.source.discovery.ObjectFilter;
import io.flowsentinel.source.discovery.SlotRange;
import io.flowsentinel.testing.LogTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LateReasonsTest {

    private static final Instant SLOT = Instant.parse("2026-01-15T12:00:00Z");
    private static final String SCANNER = "203.0.113.66";

    @TempDir
    private Path folder;

    private final LateReasons reasons = new LateReasons(Duration.ofMinutes(10));

    @Test
    void lateRecordsOfTheSameAddressAtTheTimeAreNamed() throws IOException {
        reasons.read(late(
                row("s3://logs/one", 5, record(SCANNER, SLOT)),
                row("s3://logs/one", 6, record("198.51.100.1", SLOT)),
                row("s3://logs/one", 7, record(SCANNER, SLOT.minus(Duration.ofDays(1))))));

        assertThat(reasons.of(finding())).containsExactly("late record: s3://logs/one line 5, by 63 s");
    }

    @Test
    void aRecordThatBothRunsFoundLateIsNamedOnce() throws IOException {
        reasons.read(late(row("s3://logs/one", 5, record(SCANNER, SLOT))));
        reasons.read(late(row("s3://logs/one", 5, record(SCANNER, SLOT))));

        assertThat(reasons.of(finding())).hasSize(1);
    }

    @Test
    void anObjectOfItsTimeThatWasPublishedAfterItsSlotHadBeenClosedIsNamed() throws IOException {
        publish(SLOT, Duration.ofMinutes(47));
        publish(SLOT.plus(Duration.ofHours(2)), Duration.ofMinutes(30));

        assertThat(reasons.of(finding()))
                .singleElement()
                .asString()
                .startsWith("published late: file:")
                .endsWith("_20260115T1200Z_hash.log.gz, 47 min after its slot began");
    }

    @Test
    void anObjectOnTimeAndACopyOfLaterDaysSayNothing() throws IOException {
        publish(SLOT, Duration.ofMinutes(15));
        publish(SLOT.plusSeconds(300), Duration.ofDays(90));

        assertThat(reasons.of(finding())).isEmpty();
    }

    private void publish(Instant slot, Duration after) throws IOException {
        LogTree tree = new LogTree(folder.resolve(slot.toString().replace(':', '-'))).object(slot, "hash", "a line");
        Path object = Path.of(java.net.URI.create(tree.uri())).resolve(LogTree.key(slot, "hash"));
        Files.setLastModifiedTime(object, FileTime.from(slot.plus(after)));
        try (FolderListing listing =
                new FolderListing(List.of(tree.uri()), ObjectFilter.NONE, false, Clock.systemUTC())) {
            reasons.read(listing, SlotRange.between(null, null));
        }
    }

    private static String record(String originator, Instant start) {
        long second = start.getEpochSecond();
        return "2 123456789012 eni-1 " + originator + " 10.0.0.10 61000 22 6 1 40 " + second + " " + (second + 58)
                + " REJECT OK";
    }

    private static JsonNode row(String object, int line, String record) {
        return new ObjectMapper()
                .createObjectNode()
                .put("object", object)
                .put("line_number", line)
                .put("record", record)
                .put("late_by_ms", 63_000);
    }

    private static Feeds late(JsonNode... rows) {
        return new Feeds() {
            @Override
            public List<JsonNode> read(Feed feed) {
                return feed == Feed.LATE ? List.of(rows) : List.of();
            }

            @Override
            public String place() {
                return "made up";
            }
        };
    }

    private static Finding finding() {
        return new Finding(
                "id",
                "port-scan",
                "high",
                "open",
                "Port scan",
                5,
                Map.of(),
                "",
                SLOT.plusSeconds(60),
                SLOT,
                SLOT.plusSeconds(60),
                "",
                Map.of("originator", SCANNER, "port", "22"),
                "656a",
                "");
    }
}
