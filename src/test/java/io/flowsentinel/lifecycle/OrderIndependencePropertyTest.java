package io.flowsentinel.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.RecordRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Whatever the order of arrival and the steps of event time, the connections are the same. */
class OrderIndependencePropertyTest {

    private static final long LAST_SECOND = 8_000;
    private static final int[] FLAGS = {-1, 0, 0, 0, 1, 2, 2, 3, 4, 5, 18, 19, 22};
    private static final int[] LENGTHS = {0, 5, 30, 60, 60, 90, 120};
    private static final int[] LONG_TOO = {0, 0, 60, 120, 121, 200, 300, 599, 660};
    private static final LiveFeed FEED = new LiveFeed(true, Duration.ofSeconds(700));

    /** Traffic of a few tuples and interfaces, dense enough for every rule to meet every other. */
    private static List<FlowRecord> traffic(Random random) {
        return traffic(random, LENGTHS);
    }

    private static List<FlowRecord> traffic(Random random, int[] lengths) {
        List<FlowRecord> records = new ArrayList<>();
        int count = 5 + random.nextInt(60);
        for (int line = 1; line <= count; line++) {
            records.add(anything(random, lengths).line(line).record());
        }
        return records;
    }

    private static Flow anything(Random random, int[] lengths) {
        var client = Flow.endpoint("10.0.0." + (1 + random.nextInt(2)), 40001);
        Flow flow = random.nextBoolean() ? Flow.flow(client, Flow.SERVER) : Flow.flow(Flow.SERVER, client);
        long start = random.nextInt(60) * 30L + random.nextInt(3) + (random.nextInt(4) == 0 ? 4_000 : 0);
        flow.during(start, start + lengths[random.nextInt(lengths.length)])
                .flags(FLAGS[random.nextInt(FLAGS.length)])
                .on("eni-" + random.nextInt(3))
                .packets(1 + random.nextInt(4))
                .bytes(60L * random.nextInt(8));
        if (random.nextInt(6) == 0) {
            flow.rejected();
        }
        if (random.nextInt(6) == 0) {
            flow.packets(0).without(random.nextBoolean() ? FlowRecord.NO_PACKETS : 0);
        }
        return random.nextInt(8) == 0 ? flow.protocol(random.nextBoolean() ? FlowRecord.UDP : 47) : flow;
    }

    /** Steps of event time, each with the records that arrive before it; none comes after its own end has passed. */
    private static Harness run(List<FlowRecord> records, Random random, boolean restarting) throws Exception {
        TreeSet<Long> steps = new TreeSet<>(Set.of(LAST_SECOND));
        int count = random.nextInt(40);
        for (int i = 0; i < count; i++) {
            steps.add((long) random.nextInt((int) LAST_SECOND));
        }
        List<FlowRecord> left = new ArrayList<>(records);
        Collections.shuffle(left, random);
        Harness harness = new Harness(Batch.MINUTE, FEED);
        for (long step : steps) {
            for (FlowRecord flow : List.copyOf(left)) {
                if (flow.end() - Flow.NOON <= step || random.nextInt(5) == 0) {
                    harness.add(flow);
                    left.remove(flow);
                }
            }
            harness.advanceTo(step);
            if (restarting && random.nextInt(6) == 0) {
                harness.restart();
            }
        }
        harness.end();
        return harness;
    }

    @Property(tries = 100)
    void anyArrivalGivesTheSameConnections(@ForAll @LongRange(min = 0) long seed) throws Exception {
        List<FlowRecord> records = traffic(new Random(seed));

        try (Harness one = run(records, new Random(seed + 1), false);
                Harness other = run(records, new Random(seed + 2), true)) {
            assertThat(other.connections()).containsExactlyInAnyOrderElementsOf(one.connections());
        }
    }

    @Property(tries = 50)
    void duplicatesChangeNothingButTheAccounts(@ForAll @LongRange(min = 0) long seed) throws Exception {
        Random random = new Random(seed);
        List<FlowRecord> records = traffic(random);
        List<FlowRecord> repeated = new ArrayList<>(records);
        for (FlowRecord flow : records) {
            if (random.nextInt(3) == 0) {
                repeated.add(again(flow));
            }
        }

        try (Harness one = run(records, new Random(seed + 1), false);
                Harness other = run(repeated, new Random(seed + 2), false)) {
            assertThat(other.connections()).containsExactlyInAnyOrderElementsOf(one.connections());
            assertThat(other.accounts().get(Accounts.RECORDS_DUPLICATE))
                    .isEqualTo(one.accounts().get(Accounts.RECORDS_DUPLICATE) + repeated.size() - records.size());
        }
    }

    /** The same line, further down. */
    private static FlowRecord again(FlowRecord flow) {
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
                new RecordRef(flow.ref().object(), flow.ref().line() + 1_000));
    }

    @Property(tries = 200)
    void theOperatorAgreesWithThePlainFold(@ForAll @LongRange(min = 0) long seed) throws Exception {
        List<FlowRecord> records = traffic(new Random(seed));

        try (Harness harness = run(records, new Random(seed + 1), false)) {
            List<Connection> closed = closed(harness);

            assertThat(closed.stream()
                            .map(OrderIndependencePropertyTest::compared)
                            .collect(Collectors.toSet()))
                    .isEqualTo(ReferenceFold.of(records, Flow.NOON + LAST_SECOND));
        }
    }

    private static List<Connection> closed(Harness harness) {
        return harness.connections().stream()
                .filter(one -> one.event() == Connection.Event.CLOSE)
                .toList();
    }

    private static ReferenceFold.Folded compared(Connection one) {
        boolean originatorIsLower =
                one.originator().endpoint().compareTo(one.responder().endpoint()) <= 0;
        long sent = one.originator().packets();
        long received = one.responder().packets();
        return new ReferenceFold.Folded(
                one.id(),
                one.start(),
                one.end(),
                one.records(),
                one.endReason(),
                one.has(Trait.CROSSED_SYN),
                one.has(Trait.MULTI_CONNECTION_SUSPECTED),
                one.continuationOf(),
                originatorIsLower ? sent : received,
                originatorIsLower ? received : sent);
    }

    @Property(tries = 50)
    void everyRecordIsInOneConnectionOrADuplicateAndNothingStays(@ForAll @LongRange(min = 0) long seed)
            throws Exception {
        List<FlowRecord> records = traffic(new Random(seed));

        try (Harness harness = run(records, new Random(seed + 1), true)) {
            List<Connection> closed = closed(harness);
            long taken = closed.stream().mapToLong(Connection::records).sum();

            assertThat(taken + harness.accounts().get(Accounts.RECORDS_DUPLICATE))
                    .isEqualTo(records.size());
            assertThat(new HashSet<>(closed.stream().map(Connection::id).toList()))
                    .hasSameSizeAs(closed);
            assertThat(harness.accounts().get(Accounts.CONNECTIONS)).isEqualTo(closed.size());
            assertThat(harness.timers()).isZero();
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Property(tries = 200)
    void recordsLongerThanConfiguredDependOnNoOrderAndShareNoId(@ForAll @LongRange(min = 0) long seed)
            throws Exception {
        List<FlowRecord> records = traffic(new Random(seed), LONG_TOO);

        try (Harness one = run(records, new Random(seed + 1), false);
                Harness other = run(records, new Random(seed + 2), true)) {
            assertThat(other.connections()).containsExactlyInAnyOrderElementsOf(one.connections());
            assertThat(closed(one)).extracting(Connection::id).doesNotHaveDuplicates();
            assertThat(other.stateEntries()).isZero();
        }
    }
}
