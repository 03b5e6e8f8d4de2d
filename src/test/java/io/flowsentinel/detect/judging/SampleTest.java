package io.flowsentinel.detect.judging;

import static io.flowsentinel.detect.judging.Connections.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Alert.Party;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.ConnectionId;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.RecordRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class SampleTest {

    @Test
    void theOrderOfSingleRecordsDoesNotDependOnWhereTheyAre() {
        Stream<Sample> delivered = Stream.of(record(40_001, 7), record(40_002, 3), record(40_003, 5));
        Stream<Sample> again = Stream.of(record(40_003, 1), record(40_002, 2), record(40_001, 9));

        assertThat(ports(delivered)).isEqualTo(ports(again)).containsExactly(40_001, 40_002, 40_003);
    }

    @Test
    void theFormTellsAllThereIsToTell() throws IOException {
        for (String id : List.of(
                "",
                "0123456789abcdef0123456789abcdef",
                "ABCDEF89abcdef0123456789abcdef01",
                "0123456789abcdef0123456789abcde\u00e9",
                "other")) {
            Sample sample = connection(id);

            assertThat(again(sample)).isEqualTo(sample).isNotEqualTo(connection("0f"));
            assertThat(again(sample).connectionId()).isEqualTo(id);
        }
        assertThat(again(record(40_001, 7))).isEqualTo(record(40_001, 7));
        Sample none = Sample.ofInterface("vpc-1", "eni-1", 5, List.of());
        assertThat(again(none)).isEqualTo(none);
    }

    /** Whoever opened it, whenever its key was first seen, and where the scope told is an interface's. */
    @Test
    void anIdIsMadeAgainOfAllTheRest() throws IOException {
        for (String responder : List.of("10.0.0.9", "10.0.1.5", "203.0.113.5", "2001:db8::1")) {
            ConnectionKey key = ConnectionKey.between(
                    "vpc-1", FlowRecord.TCP, new Endpoint(ip("10.0.1.5"), 40_001), new Endpoint(ip(responder), 443));
            for (long start : new long[] {0, 940, 1_000, 1_060}) {
                ConnectionId id = ConnectionId.of(key, start, (int) start % 7);
                Sample sample = connection(id, "vpc-1", ip(responder));

                assertThat(again(sample).connectionId()).isEqualTo(id.text());
                assertThat(again(sample)).isEqualTo(sample);
                assertThat(again(again(sample)).form().id(1_000)).isEqualTo(id.text());
                assertThat(again(connection(id, "vpc-2", ip(responder))).connectionId())
                        .isEqualTo(id.text());
            }
        }
    }

    @Test
    void idsThatAreMadeAreOrderedByTheirTextToo() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int split = 0; split < 50; split++) {
            Endpoint originator = new Endpoint(ip("10.0.1.5"), 40_001);
            ConnectionKey key =
                    ConnectionKey.between("vpc-1", FlowRecord.TCP, originator, new Endpoint(ip("203.0.113.5"), 443));
            ConnectionId id = ConnectionId.of(key, 1_000, split);
            samples.add(again(connection(id, split % 3 == 0 ? "vpc-2" : "vpc-1", ip("203.0.113.5"))));
        }

        assertThat(samples.stream().sorted(Sample.BY_START).map(Sample::connectionId))
                .isSorted();
    }

    @Test
    void equalStartsAreOrderedByTheTextOfTheId() {
        List<String> ids = List.of(
                "",
                "00ff",
                "0123456789abcdef0123456789abcdef",
                "0123456789abcdef0123456789abcdf0",
                "9123456789abcdef0123456789abcdef",
                "a123456789abcdef0123456789abcdef",
                "f123456789abcdef0123456789abcdef",
                "other");
        List<Sample> shuffled =
                new ArrayList<>(ids.stream().map(SampleTest::connection).toList());
        Collections.shuffle(shuffled, new Random(1));

        assertThat(shuffled.stream().sorted(Sample.BY_START).map(Sample::connectionId))
                .containsExactlyElementsOf(ids);
    }

    /** Savepoints have them by their places: this list only ever grows at its end. */
    @Test
    void statesAndVerdictsKeepTheirPlaces() {
        assertThat(Arrays.stream(ConnState.values()).map(Enum::name))
                .startsWith("S0", "S1", "S2", "S3", "SF", "REJ", "RSTO", "RSTR", "RSTOS0", "RSTRH", "SH", "SHR", "OTH");
        assertThat(Arrays.stream(Verdict.values()).map(Enum::name))
                .startsWith(
                        "ALLOWED",
                        "UNSOLICITED_REJECT",
                        "STALE_REJECT",
                        "MIXED",
                        "REPLY_DENIED",
                        "DENIED_BY_DESTINATION",
                        "DENIED_EGRESS",
                        "DENIED");
    }

    private static Sample again(Sample sample) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(128);
        sample.form().write(out);
        return new Sample(sample.start(), SampleForm.read(new DataInputDeserializer(out.getCopyOfBuffer())));
    }

    private static Sample connection(String id) {
        return connection(ConnectionId.of(id), "vpc-1", ip("2001:db8::1"));
    }

    private static Sample connection(ConnectionId id, String scope, IpAddress responder) {
        return new Sample(new Sample.Told(
                id,
                scope,
                new Party(new Endpoint(ip("10.0.1.5"), 40_001), true, 3, 180, "eni-0a1b2c3d4e5f67890", "i-1"),
                new Party(new Endpoint(responder, 443), false, 2, 120, null, null),
                FlowRecord.TCP,
                ConnState.OTH,
                Verdict.DENIED,
                1_000,
                1_060,
                null,
                true,
                true,
                List.of(new RecordRef("s3://logs/a.log.gz", 3))));
    }

    @Test
    void theTwoDirectionsOfOneMinuteAreToldApartByWhatTheyCarried() {
        Stream<Sample> delivered = Stream.of(record(0, 5, 0, 7), record(0, 0, 5, 8));
        Stream<Sample> again = Stream.of(record(0, 5, 0, 8), record(0, 0, 5, 7));

        assertThat(packetsOut(delivered)).isEqualTo(packetsOut(again)).containsExactly(0L, 5L);
    }

    @Test
    void interfacesOfOneMomentAreOrderedByScopeThenIdThenWhereTheyStand() throws IOException {
        List<Sample> ordered = new ArrayList<>();
        for (String scope : Arrays.asList(null, "vpc-1", "vpc-2")) {
            for (String id : Arrays.asList(null, "eni-1", "eni-2")) {
                ordered.add(Sample.ofInterface(scope, id, 1_000, List.of()));
                ordered.add(Sample.ofInterface(scope, id, 1_000, List.of(new RecordRef("a.log.gz", 2))));
                ordered.add(again(Sample.ofInterface(scope, id, 1_000, List.of(new RecordRef("b.log.gz", 1)))));
                ordered.add(Sample.ofInterface(scope, id, 1_000, List.of(new RecordRef("b.log.gz", 2))));
            }
        }
        List<Sample> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(1));

        assertThat(shuffled.stream().sorted(Sample.BY_START)).containsExactlyElementsOf(ordered);
    }

    private static List<Long> packetsOut(Stream<Sample> samples) {
        return samples.sorted(Sample.BY_START)
                .map(sample -> sample.originatorParty().packets())
                .toList();
    }

    private static List<Integer> ports(Stream<Sample> samples) {
        return samples.sorted(Sample.BY_START)
                .map(sample -> sample.originator().port())
                .toList();
    }

    private static Sample record(int port, int line) {
        return record(port, 3, 0, line);
    }

    /** One direction of an exchange. */
    private static Sample record(int port, long packetsOut, long packetsIn, int line) {
        return new Sample(new Sample.Told(
                Sample.NO_CONNECTION,
                "vpc-1",
                new Party(
                        new Endpoint(ip("10.0.1.5"), port),
                        true,
                        packetsOut,
                        60 * packetsOut,
                        "eni-0a1b2c3d4e5f67890",
                        null),
                new Party(new Endpoint(ip("203.0.113.5"), 443), false, packetsIn, 60 * packetsIn, null, null),
                FlowRecord.TCP,
                null,
                null,
                1_000,
                1_060,
                null,
                false,
                false,
                List.of(new RecordRef("s3://logs/a.log.gz", line))));
    }
}
