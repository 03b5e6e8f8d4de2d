package io.flowsentinel.detect.judging;

import static io.flowsentinel.detect.judging.Connections.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Alert.Party;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.RecordRef;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SampleTest {

    @Test
    void theOrderOfSingleRecordsDoesNotDependOnWhereTheyAre() {
        Stream<Sample> delivered = Stream.of(record(40_001, 7), record(40_002, 3), record(40_003, 5));
        Stream<Sample> again = Stream.of(record(40_003, 1), record(40_002, 2), record(40_001, 9));

        assertThat(ports(delivered)).isEqualTo(ports(again)).containsExactly(40_001, 40_002, 40_003);
    }

    @Test
    void theTwoDirectionsOfOneMinuteAreToldApartByWhatTheyCarried() {
        Stream<Sample> delivered = Stream.of(record(0, 5, 0, 7), record(0, 0, 5, 8));
        Stream<Sample> again = Stream.of(record(0, 5, 0, 8), record(0, 0, 5, 7));

        assertThat(packetsOut(delivered)).isEqualTo(packetsOut(again)).containsExactly(0L, 5L);
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
                "",
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
