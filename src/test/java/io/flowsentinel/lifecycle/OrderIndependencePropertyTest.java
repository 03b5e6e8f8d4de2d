package io.flowsentinel.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.reference.BatchLifecycle;
import io.flowsentinel.reference.FieldDifferences;
import io.flowsentinel.testing.ConnectionInvariants;
import io.flowsentinel.testing.ConnectionRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/**
 * Whatever the order of arrival, the objects, the parallelism, the steps of event time and the restarts: the connections
 * are the same, and the feed of them byte for byte.
 */
class OrderIndependencePropertyTest {

    @Property
    void anyArrivalWithAnyRestartsGivesTheSameFeed(@ForAll @LongRange(min = 0) long seed) throws Exception {
        DenseTraffic traffic = DenseTraffic.of(new Random(seed));

        try (Harness one = Arrival.undisturbed(new Random(seed + 1)).of(traffic);
                Harness other = Arrival.withRestarts(new Random(seed + 2)).of(traffic)) {
            assertThat(feed(other)).isEqualTo(feed(one));
            assertThat(other.connections()).containsExactlyInAnyOrderElementsOf(one.connections());
        }
    }

    @Property
    void aRestartBetweenAnyTwoStepsGivesTheSameFeed(@ForAll @LongRange(min = 0) long seed) throws Exception {
        DenseTraffic traffic = DenseTraffic.of(new Random(seed));

        try (Harness one = Arrival.undisturbed(new Random(seed + 1)).of(traffic);
                Harness other =
                        Arrival.withRestartsEverywhere(new Random(seed + 2)).of(traffic)) {
            assertThat(feed(other)).isEqualTo(feed(one));
            assertThat(other.accounts()).isEqualTo(one.accounts());
            assertThat(other.timers()).isZero();
            assertThat(other.stateEntries()).isZero();
        }
    }

    @Property
    void otherObjectsAndDuplicatesChangeNothingButTheAccounts(@ForAll @LongRange(min = 0) long seed) throws Exception {
        Random random = new Random(seed);
        DenseTraffic traffic = DenseTraffic.of(random);
        List<FlowRecord> repeated = new ArrayList<>();
        for (FlowRecord flow : traffic.flows()) {
            for (int times = random.nextInt(3) == 0 ? 2 : 1; times > 0; times--) {
                repeated.add(elsewhere(flow, random));
            }
        }

        try (Harness one = Arrival.undisturbed(new Random(seed + 1)).of(traffic);
                Harness other =
                        Arrival.withRestarts(new Random(seed + 2)).of(new DenseTraffic(repeated, traffic.lost()))) {
            assertThat(feed(other)).isEqualTo(feed(one));
            assertThat(other.accounts().get(Accounts.RECORDS_DUPLICATE))
                    .isEqualTo(one.accounts().get(Accounts.RECORDS_DUPLICATE)
                            + repeated.size()
                            - traffic.flows().size());
        }
    }

    /** The same line in some other object. */
    private static FlowRecord elsewhere(FlowRecord flow, Random random) {
        return new FlowRecord(
                flow.observer(),
                flow.protocol(),
                flow.source(),
                flow.destination(),
                flow.plainSource(),
                flow.plainDestination(),
                flow.action(),
                flow.flowDirection(),
                flow.tcpFlags(),
                flow.packets(),
                flow.bytes(),
                flow.start(),
                flow.end(),
                flow.annotations(),
                flow.absent(),
                new RecordRef("file:/" + random.nextInt(4) + ".log", random.nextInt(100_000)));
    }

    @Property
    void theOperatorSaysWhatTheSpecificationSays(@ForAll @LongRange(min = 0) long seed) throws Exception {
        DenseTraffic traffic = DenseTraffic.of(new Random(seed));
        BatchLifecycle.Published expected = new BatchLifecycle(Duration.ofSeconds(60), address -> false)
                .publish(traffic.flows(), traffic.lost(), Flow.NOON + Arrival.LAST_SECOND);

        try (Harness harness = Arrival.undisturbed(new Random(seed + 1)).of(traffic)) {
            List<JsonNode> closed = rows(harness).stream()
                    .filter(ConnectionRow::isClose)
                    .map(ConnectionRow::json)
                    .toList();

            assertThat(FieldDifferences.between(expected.connections(), closed)).isEmpty();
            assertThat(harness.accounts().get(Accounts.RECORDS_DUPLICATE)).isEqualTo(expected.duplicates());
        }
    }

    @Property
    void theInvariantsHoldAndNothingStays(@ForAll @LongRange(min = 0) long seed) throws Exception {
        DenseTraffic traffic = DenseTraffic.of(new Random(seed));

        try (Harness harness = Arrival.withRestarts(new Random(seed + 1)).of(traffic)) {
            ConnectionInvariants.of(rows(harness))
                    .hold()
                    .accountFor(traffic.flows().size(), harness.accounts().get(Accounts.RECORDS_DUPLICATE), 0)
                    .areAsManyAs(harness.accounts().get(Accounts.CONNECTIONS));
            assertThat(harness.timers()).isZero();
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Property
    void recordsLongerThanConfiguredDependOnNoOrderAndShareNoId(@ForAll @LongRange(min = 0) long seed)
            throws Exception {
        DenseTraffic traffic = DenseTraffic.withLongRecords(new Random(seed));

        try (Harness one = Arrival.undisturbed(new Random(seed + 1)).of(traffic);
                Harness other = Arrival.withRestarts(new Random(seed + 2)).of(traffic)) {
            assertThat(feed(other)).isEqualTo(feed(one));
            assertThat(one.connections())
                    .filteredOn(connection -> connection.event() == Connection.Event.CLOSE)
                    .extracting(Connection::id)
                    .doesNotHaveDuplicates();
            assertThat(other.stateEntries()).isZero();
        }
    }

    private static List<ConnectionRow> rows(Harness harness) {
        return harness.connections().stream().map(ConnectionRow::of).toList();
    }

    /** Its lines, sorted: their order means nothing. */
    private static List<String> feed(Harness harness) {
        return rows(harness).stream().map(ConnectionRow::toString).sorted().toList();
    }
}
