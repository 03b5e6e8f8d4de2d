package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.local.LocalRun;
import io.flowsentinel.testing.FlowLogBucket;
import io.flowsentinel.testing.RunOutput;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection of 13 hours beside one of a minute, through the whole job: what is seen of them while they live. */
class LongConnectionIT {

    private static final long BEGIN = Instant.parse("2026-01-15T00:00:00Z").getEpochSecond();
    private static final int WINDOW = 300;
    private static final int WINDOWS = 13 * 3600 / WINDOW;
    private static final int WINDOWS_IN_TWO_HOURS = 2 * 3600 / WINDOW;

    private static final String HEADER =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action"
                    + " log-status tcp-flags pkt-srcaddr pkt-dstaddr";
    private static final String LONG = "198.51.100.7";
    private static final String SHORT = "198.51.100.8";
    private static final String SERVER = "10.0.0.9";

    private static final String[] EVERY_TWO_HOURS = {
        "--set", "connection.update-interval=2h", "--set", "connection.open-events=true"
    };

    @TempDir
    static Path folder;

    private static RunOutput byDefault;
    private static RunOutput everyTwoHours;
    private static RunOutput fiveHoursOfIt;

    @BeforeAll
    static void run() {
        FlowLogBucket bucket = new FlowLogBucket(folder.resolve("logs"));
        for (int window = 0; window < WINDOWS; window++) {
            long start = BEGIN + (long) window * WINDOW;
            int fin = window == WINDOWS - 1 ? 1 : 0;
            List<String> lines = new ArrayList<>(List.of(HEADER));
            lines.addAll(exchange(LONG, start, window == 0 ? 2 : fin, window == 0 ? 18 : fin));
            if (window == 6) {
                lines.addAll(exchange(SHORT, start, 3, 19));
            }
            bucket.publish(start, lines);
        }

        byDefault = runOver(bucket, "by-default");
        everyTwoHours = runOver(bucket, "every-two-hours", EVERY_TWO_HOURS);
        String[] fiveHours = {"--to", "2026-01-15T05:00:00Z", "--parallelism", "1"};
        fiveHoursOfIt = runOver(
                bucket,
                "five-hours",
                Stream.of(fiveHours, EVERY_TWO_HOURS).flatMap(Stream::of).toArray(String[]::new));
    }

    private static RunOutput runOver(FlowLogBucket bucket, String name, String... options) {
        Path out = folder.resolve(name);
        List<String> arguments = new ArrayList<>(List.of("--input", bucket.uri(), "--output", out.toString()));
        arguments.add("--quiet");
        arguments.addAll(List.of(options));
        assertThat(LocalRun.execute(arguments.toArray(String[]::new))).isZero();
        return new RunOutput(out);
    }

    private static List<String> exchange(String originator, long start, int flags, int answer) {
        String times = " " + start + " " + (start + 59) + " ACCEPT OK ";
        return List.of(
                "3 123456789010 eni-1 " + originator + " " + SERVER + " 40000 22 6 10 1000" + times + flags + " "
                        + originator + " " + SERVER,
                "3 123456789010 eni-1 " + SERVER + " " + originator + " 22 40000 6 8 4000" + times + answer + " "
                        + SERVER + " " + originator);
    }

    @Test
    void byDefaultItIsSeenEverySixHoursAndAtItsEnd() {
        assertThat(events(byDefault, LONG)).containsExactly("update", "update", "close");
        assertThat(events(byDefault, SHORT)).containsExactly("close");
    }

    @Test
    void whatIsAskedForIsSeenOnceOpenThenEveryIntervalThenClosed() {
        assertThat(events(everyTwoHours, LONG))
                .containsExactly("open", "update", "update", "update", "update", "update", "update", "close");
        assertThat(events(everyTwoHours, SHORT)).containsExactly("open", "close");
    }

    @Test
    void eachUpdateSaysWhatWasSentUpToThen() {
        List<JsonNode> lines = lines(everyTwoHours, LONG);

        assertThat(lines.subList(1, 7))
                .extracting(line -> line.at("/traffic/bytes_out").asInt())
                .isEqualTo(IntStream.rangeClosed(1, 6)
                        .mapToObj(update -> 1000 * (update * WINDOWS_IN_TWO_HOURS + 1))
                        .toList());
        assertThat(lines)
                .extracting(line -> line.at("/unmapped/records").asInt())
                .isSorted();
        assertThat(lines).extracting(line -> line.at("/end_time").asLong()).isSorted();
        assertThat(lines)
                .extracting(line -> line.at("/status_code").asText())
                .containsExactly("S1", "S1", "S1", "S1", "S1", "S1", "S1", "SF");
        JsonNode close = lines.get(7);
        assertThat(close.at("/traffic/bytes_out").asInt()).isEqualTo(1000 * WINDOWS);
        assertThat(close.at("/traffic/bytes_in").asInt()).isEqualTo(4000 * WINDOWS);
        assertThat(close.at("/unmapped/records").asInt()).isEqualTo(2 * WINDOWS);
    }

    @Test
    void allEventsHaveOneIdSoTheLastOneOfAKeyIsTheClose() {
        assertThat(lines(everyTwoHours, LONG))
                .extracting(line -> line.at("/connection_info/uid").asText())
                .containsOnly(
                        lines(byDefault, LONG).get(0).at("/connection_info/uid").asText());
    }

    /** The input that has come so far is all a live job knows. */
    @Test
    void anUpdateIsThereWhileTheConnectionLivesAndIsNeverRevised() {
        List<JsonNode> sofar = lines(fiveHoursOfIt, LONG);

        assertThat(events(fiveHoursOfIt, LONG)).containsExactly("open", "update", "update", "close");
        assertThat(sofar.subList(0, 3)).isEqualTo(lines(everyTwoHours, LONG).subList(0, 3));
        assertThat(sofar.get(3).at("/unmapped/end_reason").asText()).isEqualTo("end_of_input");
    }

    @Test
    void onlyTheCloseCounts() {
        for (RunOutput output : List.of(byDefault, everyTwoHours, fiveHoursOfIt)) {
            long taken = output.feed("connections").stream()
                    .filter(line -> line.at("/unmapped/event").asText().equals("close"))
                    .mapToLong(line -> line.at("/unmapped/records").asLong())
                    .sum();

            assertThat(output.report().get("connections").asLong()).isEqualTo(2);
            assertThat(output.report().get("records_ok").asLong()).isEqualTo(taken);
        }
    }

    private static List<String> events(RunOutput output, String originator) {
        return lines(output, originator).stream()
                .map(line -> line.at("/unmapped/event").asText())
                .toList();
    }

    /** What the feed says of the connection, as it grows. */
    private static List<JsonNode> lines(RunOutput output, String originator) {
        return output.feed("connections").stream()
                .filter(line -> line.at("/src_endpoint/ip").asText().equals(originator))
                .sorted(Comparator.comparingLong(
                                (JsonNode line) -> line.at("/end_time").asLong())
                        .thenComparing(line -> line.at("/unmapped/event").asText(), Comparator.reverseOrder()))
                .toList();
    }
}
