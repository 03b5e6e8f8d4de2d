package io.flowsentinel.source.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.testing.MovingClock;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DiscoveryLoopTest {

    private static final Instant START = Instant.parse("2024-05-25T12:00:00Z");
    private static final Instant FROM = Instant.parse("2024-01-01T00:00:00Z");
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final DiscoverySettings SETTINGS = DiscoverySettings.DEFAULT;

    private final MovingClock clock = new MovingClock(START);
    private final List<Asked> asked = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();

    /** What the next looks meet; a complete answer where nothing is said. */
    private final Deque<Answer> answers = new ArrayDeque<>();

    private record Asked(SlotRange range, boolean anew) {}

    private interface Answer {
        Discovered give() throws IOException;
    }

    @Test
    void theFirstLookCoversTheRangeAndLaterOnesWhatIsPublishedNow() throws IOException {
        DiscoveryLoop loop = loop(SETTINGS);

        loop.look();
        clock.moveBy(Duration.ofSeconds(30));
        loop.look();

        assertThat(asked)
                .containsExactly(new Asked(SlotRange.between(FROM, null), true), new Asked(recentBefore(START), false));
    }

    @Test
    void onASlowerBeatALookCoversAllThatCanStillChange() throws IOException {
        DiscoveryLoop loop = loop(SETTINGS);

        loop.look();
        clock.moveBy(Duration.ofMinutes(5));
        loop.look();

        assertThat(asked.get(1)).isEqualTo(new Asked(since(START.minus(Duration.ofDays(2))), true));
    }

    @Test
    void aFullLookThatTakesLongIsRarer() throws IOException {
        DiscoveryLoop loop = loop(SETTINGS);
        answers.add(() -> {
            clock.moveBy(TEN_MINUTES);
            return found(Discovered.EVERYTHING);
        });

        loop.look();
        Instant done = clock.instant();
        clock.moveTo(done.plus(Duration.ofMinutes(99)));
        loop.look();
        clock.moveTo(done.plus(Duration.ofMinutes(101)));
        loop.look();

        assertThat(asked).extracting(Asked::anew).containsExactly(true, false, true);
    }

    @Test
    void theTimeALookWaitsForReadersMakesFullLooksNoRarer() throws IOException {
        DiscoveryLoop loop = loop(SETTINGS);
        answers.add(() -> found(START.getEpochSecond()));

        loop.look();
        clock.moveBy(Duration.ofHours(10));
        loop.look();
        clock.moveBy(Duration.ofMinutes(6));
        loop.look();

        assertThat(asked.get(2)).isEqualTo(new Asked(since(START.minus(Duration.ofDays(2))), true));
    }

    @Test
    void aLookThatTakesLongerThanThePatienceGoesMayFailOnce() throws IOException {
        DiscoveryLoop loop = loop(SETTINGS);
        answers.add(() -> {
            clock.moveBy(TEN_MINUTES);
            throw new IOException("cannot list s3://logs");
        });

        loop.look();

        assertThat(asked).hasSize(2);
    }

    @Test
    void aLookThatWasPartialGoesOnWhereItWas() throws IOException {
        DiscoveryLoop loop = loop(SETTINGS);
        answers.add(() -> found(START.getEpochSecond()));

        loop.look();
        loop.look();

        SlotRange range = SlotRange.between(FROM, null);
        assertThat(asked).containsExactly(new Asked(range, true), new Asked(range, false));
    }

    @Test
    void aLookThatHadToWaitLeavesNoGap() throws IOException {
        DiscoveryLoop loop = loop(rareFullLooks());

        loop.look();
        clock.moveBy(Duration.ofHours(5));
        loop.look();

        assertThat(asked.get(1)).isEqualTo(new Asked(recentBefore(START), false));
    }

    @Test
    void aFailedLookIsTriedAgainWithLongerPausesAndCounted() throws IOException {
        DiscoveryLoop loop = loop(SETTINGS);
        fail(7, new IOException("cannot list s3://logs: slow down (Status Code: 503)"));

        loop.look();

        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
        assertThat(loop.failures()).isEqualTo(7);
        assertThat(asked).hasSize(8).containsOnly(new Asked(SlotRange.between(FROM, null), true));
    }

    @Test
    void looksThatFailForLongerThanThePatienceGoesFailTheJob() {
        DiscoveryLoop loop = loop(SETTINGS);
        fail(100, new IOException("cannot list s3://logs"));

        assertThatThrownBy(loop::look).hasMessage("cannot list s3://logs");

        assertThat(Duration.between(START, clock.instant())).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
    }

    @Test
    void aRefusalAtTheStartIsFinalAndLaterOneIsBorne() throws IOException {
        IOException denied = new IOException("Access Denied (Service: S3, Status Code: 403, Request ID: x)");
        DiscoveryLoop loop = loop(SETTINGS);
        fail(1, new IOException("cannot list s3://logs", denied));

        assertThatThrownBy(loop::look).hasMessage("cannot list s3://logs");
        loop.look();
        fail(1, denied);
        loop.look();

        assertThat(pauses).hasSize(1);
    }

    @Test
    void aRootThatDoesNotExistIsFinal() {
        DiscoveryLoop loop = loop(SETTINGS);
        fail(1, new FileNotFoundException("source.uri s3://logs/x: there is no such file or folder"));

        assertThatThrownBy(loop::look).isInstanceOf(FileNotFoundException.class);
        assertThat(pauses).isEmpty();
    }

    private void fail(int times, IOException failure) {
        for (int i = 0; i < times; i++) {
            answers.add(() -> {
                throw failure;
            });
        }
    }

    private DiscoveryLoop loop(DiscoverySettings settings) {
        ObjectDiscovery discovery = new ObjectDiscovery() {
            @Override
            public Discovered discover(SlotRange wanted, boolean anew) throws IOException {
                asked.add(new Asked(wanted, anew));
                return answers.isEmpty()
                        ? found(Discovered.EVERYTHING)
                        : answers.remove().give();
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
        SlotRange range = SlotRange.between(FROM, null);
        return new DiscoveryLoop(discovery, settings, range, range, TEN_MINUTES, clock, time -> {
            pauses.add(time);
            clock.moveBy(time);
        });
    }

    private Discovered found(long completeTo) {
        return new Discovered(List.of(), List.of(), 1, clock.instant(), completeTo);
    }

    private static DiscoverySettings rareFullLooks() {
        DiscoverySettings usual = DiscoverySettings.DEFAULT;
        return new DiscoverySettings(usual.interval(), Duration.ofDays(1), usual.lookBack(), usual.patience());
    }

    private static SlotRange recentBefore(Instant look) {
        return since(look.minus(Duration.ofHours(1)).minus(TEN_MINUTES));
    }

    private static SlotRange since(Instant from) {
        return new SlotRange(from.getEpochSecond(), Long.MAX_VALUE);
    }
}
