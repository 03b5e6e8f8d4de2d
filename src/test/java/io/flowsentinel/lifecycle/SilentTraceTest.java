package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.flow;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SilentTraceTest {

    private static final int DAY = 86_400;

    @ParameterizedTest
    @EnumSource
    void aTraceKeepsNameAndRoles(DirectionEvidence evidence) throws Exception {
        Tracked connection = new Tracked(Flow.NOON, 7, null);
        connection.end = Flow.NOON + 3_000_000;
        Roles roles = new Roles(true, evidence);
        DataOutputSerializer out = new DataOutputSerializer(16);

        Tombstone.of(connection, roles).write(Flow.NOON + 9, out);
        Tombstone read = Tombstone.read(Flow.NOON + 9, new DataInputDeserializer(out.getCopyOfBuffer()));

        assertThat(read.roles()).isEqualTo(roles);
        assertThat(read.split()).isEqualTo(7);
        assertThat((long) read.start()).isEqualTo(connection.start);
        assertThat((long) read.end()).isEqualTo(connection.end);
        assertThat(read.firstStart()).isEqualTo(read.start());
        assertThat(read.firstSplit()).isEqualTo(7);
    }

    @Test
    void aTraceKeepsWhatTheFirstOfItsChainIsNamedBy() throws Exception {
        Roles roles = new Roles(true, DirectionEvidence.SYN);
        Tracked first = new Tracked(Flow.NOON, 2, null);
        first.end = Flow.NOON + 60;
        Tracked second = new Tracked(Flow.NOON + 2_000, 1, Tombstone.of(first, roles));
        second.end = Flow.NOON + 2_060;
        Tracked third = new Tracked(Flow.NOON + 4_000, 0, Tombstone.of(second, roles));
        third.end = Flow.NOON + 4_060;
        DataOutputSerializer out = new DataOutputSerializer(16);

        Tombstone.of(third, roles).write(Flow.NOON, out);
        Tombstone read = Tombstone.read(Flow.NOON, new DataInputDeserializer(out.getCopyOfBuffer()));

        assertThat(read).isEqualTo(Tombstone.of(third, roles));
        assertThat((long) read.firstStart()).isEqualTo(Flow.NOON);
        assertThat(read.firstSplit()).isEqualTo(2);
    }

    @Test
    void aConnectionGoesOnFromASilentOneAfterARestart() throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(request().flags(2).record());
            harness.add(answer().flags(18).record());
            harness.advanceTo(10_000);
            harness.restart();

            harness.add(answer().at(20_000).record());
            harness.advanceTo(40_000);

            List<Connection> both = harness.connections();
            assertThat(both).extracting(Connection::endReason).containsOnly(EndReason.IDLE);
            assertThat(both.get(1).continuationOf()).isEqualTo(both.get(0).id());
            assertThat(both.get(1).originator().endpoint()).isEqualTo(Flow.LAPTOP);
        }
    }

    @Test
    void atTheLastMomentAConnectionGoesOnStillAndAfterItNotAny() throws Exception {
        assertThat(continuedAfter(60 + DAY)).isTrue();
        assertThat(continuedAfter(61 + DAY)).isFalse();
    }

    private static boolean continuedAfter(long second) throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(request().flags(2).record());
            harness.add(answer().flags(18).record());
            harness.advanceTo(second - 1);
            harness.add(answer().at(second).record());
            harness.advanceTo(second + 5_000);
            return harness.connections().get(1).continuationOf() != null;
        }
    }

    @Test
    void everyTraceOfABucketIsGoneAnHourAfterItsTimeAtTheLatest() throws Exception {
        try (Harness harness = new Harness()) {
            List<Endpoint> callers = callersOfOneBucket(3);
            for (int i = 0; i < callers.size(); i++) {
                harness.add(
                        flow(callers.get(i), Flow.SERVER).flags(2).at(100L * i).record());
            }

            harness.advanceTo(260 + DAY + 120);
            assertThat(harness.stateEntries()).isPositive();
            harness.advanceTo(260 + DAY + 121 + 3_600);

            assertThat(harness.connections()).hasSize(3);
            assertThat(harness.timers()).isZero();
            assertThat(harness.stateEntries()).isZero();
        }
    }

    private static List<Endpoint> callersOfOneBucket(int count) {
        Endpoint first = Flow.LAPTOP;
        return IntStream.range(first.port(), 65_536)
                .mapToObj(port -> new Endpoint(first.address(), port))
                .filter(caller -> bucketOf(caller) == bucketOf(first))
                .limit(count)
                .toList();
    }

    private static int bucketOf(Endpoint caller) {
        return ConnectionKey.between("vpc-1", FlowRecord.TCP, caller, Flow.SERVER)
                .bucket();
    }
}
