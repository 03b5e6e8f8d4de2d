package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.testing.ConnectionInvariants;
import io.flowsentinel.testing.ConnectionRow;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TrackConnectionsTest {

    @Test
    void aConnectionIsPublishedWhenNothingCanBelongToItAnyMore() throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(answer().flags(19).record());
            harness.add(request().flags(3).record());

            harness.advanceTo(60 + 120 + 120 - 1);
            assertThat(harness.connections()).isEmpty();
            harness.advanceTo(60 + 120 + 120);

            assertThat(harness.connections()).extracting(Connection::endReason).containsExactly(EndReason.CLOSED);
        }
    }

    @Test
    void recordsThatAreFoundLateAreNotPutIntoALaterConnection() throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(request().flags(2).at(7_200).record());
            harness.add(answer().flags(18).at(7_200).record());
            harness.advanceTo(7_400);

            harness.add(request().flags(3).record());
            harness.add(answer().flags(19).record());
            harness.advanceTo(7_700);
            harness.add(request().flags(1).at(7_680).record());
            harness.add(answer().flags(1).at(7_680).record());
            harness.advanceTo(20_000);

            assertThat(harness.connections())
                    .extracting(one -> one.start() - Flow.NOON, Connection::state, Connection::records)
                    .containsExactly(tuple(0L, ConnState.SF, 2), tuple(7_200L, ConnState.SF, 4));
            assertThat(harness.connections()).extracting(Connection::id).doesNotHaveDuplicates();
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Test
    void aRecordFoundLateThatIsOfTheOpenConnectionIsPutIntoIt() throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(request().flags(0).at(600).record());
            harness.add(answer().flags(0).at(600).record());
            harness.advanceTo(800);

            harness.add(request().flags(0).record());
            harness.advanceTo(20_000);

            assertThat(harness.connections()).singleElement().satisfies(one -> assertThat(one.records())
                    .isEqualTo(3));
        }
    }

    @Test
    void nothingIsLeftOfAConnectionOnceNoRecordWithItsStartCanCome() throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(answer().flags(19).record());
            harness.add(request().flags(3).record());

            harness.advanceTo(Beginnings.LONGEST_RECORD_SECONDS);

            assertThat(harness.connections()).hasSize(1);
            assertThat(harness.timers()).isZero();
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Test
    void aSilentConnectionLeavesATraceForADayAndAnHourLaterNothing() throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(request().flags(2).record());

            harness.advanceTo(60 + 86_400 + 120);
            assertThat(harness.timers()).isEqualTo(1);
            harness.advanceTo(60 + 86_400 + 121 + 3_600);

            assertThat(harness.connections()).hasSize(1);
            assertThat(harness.timers()).isZero();
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Test
    void aBucketHasOneTimerHoweverManyRecordsWait() throws Exception {
        try (Harness harness = new Harness()) {
            for (int i = 0; i < 10; i++) {
                harness.add(request().flags(2).line(i).record());
                harness.add(answer().flags(18).line(i).record());
            }

            assertThat(harness.timers()).isEqualTo(1);
        }
    }

    @Test
    void theEndOfTheInputClosesEverythingAndSaysSo() throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(request().flags(2).record());
            harness.add(answer().flags(18).record());
            harness.add(request().flags(3).at(800).record());
            harness.add(answer().flags(19).at(800).record());

            harness.advanceTo(900);
            harness.end();

            assertThat(harness.connections())
                    .extracting(Connection::endReason)
                    .containsExactlyInAnyOrder(EndReason.TCP_REUSE, EndReason.END_OF_INPUT);
            ConnectionInvariants.of(harness.connections().stream()
                            .map(ConnectionRow::of)
                            .toList())
                    .hold()
                    .accountFor(4, 0, 0);
            assertThat(harness.timers()).isZero();
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Test
    void aTimeoutThatPassedBeforeTheEndOfTheLastSlotIsATimeout() throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(request().flags(3).record());
            harness.add(answer().flags(19).record());

            harness.advanceTo(0);
            harness.advanceTo(180);
            harness.end();

            assertThat(harness.connections()).extracting(Connection::endReason).containsExactly(EndReason.CLOSED);
        }
    }

    @Test
    void aTimeoutThatPassedBeforeARestartAtTheEndOfTheInputIsATimeout() throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(request().flags(3).record());
            harness.add(answer().flags(19).record());

            harness.advanceTo(0);
            harness.advanceTo(180);
            harness.restart();
            harness.end();

            assertThat(harness.connections()).extracting(Connection::endReason).containsExactly(EndReason.CLOSED);
        }
    }

    @Test
    void recordsLostAnytimeAroundTheConnectionAreAGapOnAnyBucket() throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(request().flags(3).record());
            harness.add(answer().flags(19).record());
            harness.advanceTo(100);
            harness.lose("eni-1", 110, 170);

            harness.end();

            assertThat(harness.connections()).allMatch(one -> one.has(Trait.COVERAGE_GAP));
        }
    }

    @Test
    void duplicatesAndConnectionsAreAccountedFor() throws Exception {
        try (Harness harness = new Harness()) {
            harness.add(request().flags(2).line(1).record());
            harness.add(request().flags(2).line(2).record());
            harness.add(request().flags(2).line(3).record());

            harness.end();

            assertThat(harness.accounts().get(Accounts.RECORDS_DUPLICATE)).isEqualTo(2);
            assertThat(harness.accounts().get(Accounts.CONNECTIONS)).isEqualTo(1);
        }
    }

    @Test
    void aLongConnectionIsSeenWhileItLives() throws Exception {
        try (Harness harness = new Harness(Batch.MINUTE, LiveFeed.updatesEvery(Duration.ofMinutes(10)))) {
            harness.add(request().flags(2).record());
            harness.add(answer().flags(18).record());

            harness.advanceTo(600 + 120);

            assertThat(harness.connections()).extracting(Connection::event).containsExactly(Connection.Event.UPDATE);
            assertThat(harness.accounts().get(Accounts.CONNECTIONS)).isZero();
        }
    }

    @Test
    @Timeout(60)
    void manyConnectionsOfOneKeyInOneStepOfEventTimeCostWhatFewDo() throws Exception {
        int connections = 50_000;
        try (Harness harness = new Harness()) {
            for (int i = 0; i < connections; i++) {
                harness.add(request().flags(3).at(300L * i).record());
                harness.add(answer().flags(19).at(300L * i).record());
            }

            harness.end();

            assertThat(harness.connections()).hasSize(connections);
        }
    }
}
