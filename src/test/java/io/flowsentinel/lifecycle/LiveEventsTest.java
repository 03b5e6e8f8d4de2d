package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Event;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.OpenAge;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is published of connections that are still open. */
class LiveEventsTest {

    private static final LiveFeed OPEN = new LiveFeed(true, null, List.of());

    @Test
    void aConnectionIsOpenOnceBothSidesWereHeardAndTheSynAnswered() {
        assertThat(opens(request().flags(2), answer().flags(18))).isEqualTo(1);
        assertThat(opens(request().flags(2), answer())).isZero();
        assertThat(opens(request().flags(2), request())).isZero();
        assertThat(opens(request())).isZero();
        assertThat(opens(answer())).isZero();
        assertThat(opens(request(), answer())).isEqualTo(1);
        assertThat(opens(request().withoutFlags(), answer().withoutFlags())).isEqualTo(1);
        assertThat(opens(udp(request()), udp(answer()))).isEqualTo(1);
    }

    @Test
    void whatWasRejectedOpensNothing() {
        assertThat(opens(request().flags(2).rejected(), answer().flags(18).rejected()))
                .isZero();
        assertThat(opens(request().flags(2), answer().flags(18).rejected())).isZero();
        assertThat(opens(udp(request()).rejected(), udp(answer()).rejected())).isZero();
    }

    private static Flow udp(Flow flow) {
        return flow.protocol(FlowRecord.UDP).flags(2);
    }

    private static long opens(Flow... flows) {
        return new Batch()
                .with(OPEN).fold(flows).stream()
                        .filter(one -> one.event() == Event.OPEN)
                        .count();
    }

    @Test
    void aConnectionWhoseDeadlineIsTheTimeOfAnUpdateHasThatUpdate() {
        Batch batch = new Batch().with(LiveFeed.updatesEvery(Duration.ofSeconds(240)));

        List<Connection> events = batch.fold(request().protocol(FlowRecord.UDP));

        assertThat(events).extracting(Connection::event).containsExactly(Event.UPDATE, Event.CLOSE);
    }

    @Test
    void aRecordOfMonthsGivesNoUpdatesOfTheTimeBeforeItWasKnown() {
        int months = 10_000_000;
        Batch batch = new Batch().with(LiveFeed.updatesEvery(Duration.ofSeconds(1_000)));

        List<Connection> events = batch.fold(
                request().during(-months, 0), answer().during(0, 60), request().during(900, 1_000));

        assertThat(events).hasSize(3);
        assertThat(events)
                .filteredOn(one -> one.event() == Event.UPDATE)
                .extracting(Connection::decidedAt)
                .containsExactly(Flow.NOON + 120, Flow.NOON + 1_120);
    }

    @Test
    void anAgeIsToldOnceWhenItIsReachedAndNotAgain() {
        Batch batch = new Batch().with(new LiveFeed(false, null, List.of(OpenAge.ofAll(600), OpenAge.ofAll(1_200))));

        List<Connection> events = batch.fold(
                request().flags(2).during(0, 60),
                answer().flags(18).during(0, 60),
                request().flags(0).during(500, 560),
                request().flags(0).during(1_100, 1_160));

        assertThat(events).extracting(Connection::event).containsExactly(Event.AGED, Event.AGED, Event.CLOSE);
        assertThat(events.get(0).records()).isEqualTo(3);
        assertThat(events.get(0).decidedAt()).isEqualTo(Flow.NOON + 720);
        assertThat(events.get(1).records()).isEqualTo(4);
    }

    @Test
    void anAgeOfSomePortsIsToldOfTheseAlone() {
        OpenAge ofTelnet = new OpenAge(600, List.of(23, 2_323));
        OpenAge ofTheServer = new OpenAge(1_200, List.of(23, Flow.SERVER.port()));
        Batch batch = new Batch().with(new LiveFeed(false, null, List.of(ofTelnet, ofTheServer)));

        List<Connection> events = batch.fold(
                request().flags(2).during(0, 60),
                answer().flags(18).during(0, 60),
                request().flags(0).during(500, 560),
                request().flags(0).during(1_100, 1_160));

        assertThat(events).extracting(Connection::event).containsExactly(Event.AGED, Event.CLOSE);
        assertThat(events.get(0).records()).isEqualTo(4);
    }

    @Test
    void theAgeOfWhatGoesOnAfterASilenceCountsFromTheFirst() {
        Batch batch = new Batch().with(new LiveFeed(false, null, List.of(OpenAge.ofAll(1_500), OpenAge.ofAll(2_400))));

        List<Connection> events = batch.fold(
                request().flags(2).during(0, 60),
                answer().flags(18).during(0, 60),
                request().flags(0).during(2_000, 2_060),
                answer().flags(0).during(2_500, 2_560));

        assertThat(events)
                .extracting(Connection::event, Connection::records, one -> one.decidedAt() - Flow.NOON)
                .contains(tuple(Event.AGED, 1, 2_120L), tuple(Event.AGED, 1, 2_520L))
                .filteredOn(one -> one.toList().get(0) == Event.AGED)
                .hasSize(2);
        assertThat(events).last().satisfies(one -> assertThat(one.chainId())
                .isEqualTo(events.get(0).id()));
    }

    @Test
    void aConnectionThatEndsYoungerReachesNoAge() {
        Batch batch = new Batch().with(new LiveFeed(false, null, List.of(OpenAge.ofAll(4 * 3_600))));

        assertThat(batch.fold(request().flags(2), answer().flags(18)))
                .extracting(Connection::event)
                .containsExactly(Event.CLOSE);
    }

    /** A connection of an hour with a record every ten minutes, told of other ages after 1,500 s. */
    @Test
    void otherAgesAreToldFromTheirMomentOn() throws Exception {
        try (Harness harness = new Harness(
                Batch.MINUTE, new LiveFeed(false, null, List.of(OpenAge.ofAll(600), OpenAge.ofAll(3_000))))) {
            tenMinutesApart(harness, 0, 1_500);
            harness.watchAges(1_500, 900L, 2_000L, 2_400L);
            tenMinutesApart(harness, 1_560, 4_000);

            assertThat(agedAt(harness)).containsExactly(720L, 2_120L, 2_520L);
        }
    }

    @Test
    void aSilentConnectionIsWokenForOtherAges() throws Exception {
        try (Harness harness = new Harness(Batch.MINUTE, new LiveFeed(false, null, List.of()))) {
            open(harness);
            harness.advanceTo(300);
            harness.watchAges(300, 600L);
            harness.advanceTo(330);
            harness.restart();

            harness.advanceTo(720);

            assertThat(agedAt(harness)).containsExactly(720L);
        }
    }

    @Test
    void aRestartWithOtherAgesTellsThem() throws Exception {
        try (Harness harness = new Harness(Batch.MINUTE, new LiveFeed(false, null, List.of()))) {
            open(harness);
            harness.advanceTo(300);
            harness.restartWatching(600L);

            harness.advanceTo(720);

            assertThat(agedAt(harness)).containsExactly(720L);
        }
    }

    private static void open(Harness harness) throws Exception {
        harness.add(request().flags(2).during(0, 60).record());
        harness.add(answer().flags(18).during(0, 60).record());
    }

    private static void tenMinutesApart(Harness harness, int from, int to) throws Exception {
        for (int second = from; second <= to; second += 60) {
            if (second == 0) {
                open(harness);
            } else if (second % 600 == 0) {
                harness.add(request().flags(0).during(second, second + 60).record());
            }
            harness.advanceTo(second);
        }
    }

    /** Seconds after noon at which ages were certain. */
    private static List<Long> agedAt(Harness harness) {
        return harness.connections().stream()
                .filter(one -> one.event() == Event.AGED)
                .map(one -> one.decidedAt() - Flow.NOON)
                .toList();
    }
}
