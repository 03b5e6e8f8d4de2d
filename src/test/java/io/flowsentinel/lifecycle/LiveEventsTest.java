package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Event;
import io.flowsentinel.model.FlowRecord;
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
        Batch batch = new Batch()
                .with(new LiveFeed(false, null, List.of(Duration.ofSeconds(600), Duration.ofSeconds(1_200))));

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
    void aConnectionThatEndsYoungerReachesNoAge() {
        Batch batch = new Batch().with(new LiveFeed(false, null, List.of(Duration.ofHours(4))));

        assertThat(batch.fold(request().flags(2), answer().flags(18)))
                .extracting(Connection::event)
                .containsExactly(Event.CLOSE);
    }
}
