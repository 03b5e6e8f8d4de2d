package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.ConnectionId;
import io.flowsentinel.model.FlowRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records of ten minutes where W says one. */
class TooShortIntervalTest {

    @Test
    void aConnectionStartsWithTheEarliestOfItsRecordsAndIsNamedAfterTheFirstFolded() {
        Flow[] flows = {request().during(11, 11), request().during(10, 910)};

        Connection one = Batch.connection(flows);

        assertThat(one.start()).isEqualTo(Flow.NOON + 10);
        assertThat(one.observations()).extracting(Connection.Observation::start).containsExactly(Flow.NOON + 10);
        assertThat(one.id())
                .isEqualTo(ConnectionId.of(flows[0].record().key(), Flow.NOON + 11, 0)
                        .text());
    }

    @Test
    void recordsLostBeforeTheEarliestStartAreAGap() {
        Flow[] flows = {request().during(485, 485), request().during(10, 610)};

        assertThat(new Batch().losing("eni-1", -90, -50).fold(flows)).allMatch(one -> one.has(Trait.COVERAGE_GAP));
    }

    @Test
    void theStartIsStillTheEarliestAfterARestart() throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(request().during(600, 600).record());
            harness.add(request().during(10, 610).record());
            harness.advanceTo(720);
            harness.restart();
            harness.end();

            assertThat(harness.connections()).extracting(Connection::start).containsExactly(Flow.NOON + 10);
        }
    }

    @Test
    void aLongRecordIsNumberedAfterAConnectionLongForgottenThatBeganInTheSameSecond() throws Exception {
        FlowRecord brief = udp(request().during(10, 10));
        FlowRecord other = udp(request().during(300, 300));
        FlowRecord lengthy = udp(answer().during(10, 670));
        try (Harness harness = new Harness()) {
            harness.add(brief);
            harness.advanceTo(400);
            assertThat(harness.connections()).hasSize(1);
            harness.add(other);
            harness.restart();
            harness.add(lengthy);
            harness.advanceTo(5_000);

            assertThat(harness.connections())
                    .extracting(Connection::id)
                    .containsExactly(
                            ConnectionId.of(brief.key(), Flow.NOON + 10, 0).text(),
                            ConnectionId.of(brief.key(), Flow.NOON + 300, 0).text(),
                            ConnectionId.of(brief.key(), Flow.NOON + 10, 1).text());
            assertThat(harness.timers()).isZero();
            assertThat(harness.stateEntries()).isZero();
        }
    }

    private static FlowRecord udp(Flow flow) {
        return flow.protocol(FlowRecord.UDP).record();
    }

    @Test
    void aTenMinuteIntervalNeedsNoMemoryOfBeginnings() throws Exception {
        Timeouts ten = Timeouts.defaults(Duration.ofMinutes(10));
        try (Harness harness = new Harness(ten, LiveFeed.CLOSE_ONLY)) {
            harness.add(request().flags(3).during(0, 1).record());
            harness.add(answer().flags(19).during(0, 1).record());

            harness.advanceTo(1 + 660 + 660);

            assertThat(harness.connections()).hasSize(1);
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Test
    void beginningsThatAreAddedAreCountedAndWhatIsStoredStaysAsItIs() {
        FlowRecord flow = request().record();
        Beginnings first = Beginnings.of(null);
        first.add(flow.key(), Flow.NOON);
        long[] stored = first.stored();

        Beginnings second = Beginnings.of(stored);
        assertThat(second.count(flow.key(), Flow.NOON)).isEqualTo(1);
        second.add(flow.key(), Flow.NOON);
        assertThat(second.count(flow.key(), Flow.NOON)).isEqualTo(2);
        second.forget(Flow.NOON + 660);

        assertThat(second.count(flow.key(), Flow.NOON)).isZero();
        assertThat(second.stored()).isNull();
        assertThat(stored).isEqualTo(first.stored());
    }

    @Test
    void beginningsAreToldApartByKeyAndStart() {
        Beginnings begun = Beginnings.of(null);
        FlowRecord flow = request().record();
        FlowRecord other = udp(request());
        for (int i = 0; i < 40; i++) {
            begun.add(flow.key(), Flow.NOON + i / 2);
        }

        begun.forget(Flow.NOON + 660);
        Beginnings restored = Beginnings.of(begun.stored());

        assertThat(List.of(
                        restored.count(flow.key(), Flow.NOON),
                        restored.count(flow.key(), Flow.NOON + 1),
                        restored.count(other.key(), Flow.NOON + 1)))
                .containsExactly(0, 2, 0);
        restored.forget(Flow.NOON + 660);
        assertThat(restored.changed()).isFalse();
    }
}
