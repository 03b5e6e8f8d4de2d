package io.flowsentinel.detect.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flowsentinel.detect.judging.Connections;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Expected values are worked out by hand. */
class BeaconScoreTest {

    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    private static final long FROM = Connections.T0;
    private static final Offset<Double> EXACTLY = within(1e-6);

    @Test
    void aClockIsABeacon() {
        BeaconScore score =
                score(DAY, LongStream.range(0, 144).map(i -> i * 600).toArray());

        assertThat(score).isEqualTo(new BeaconScore(1, 1, 1, 1, 600));
        assertThat(score.total()).isEqualTo(1);
    }

    @Test
    void theTotalIsTheMeanOfTheFour() {
        assertThat(new BeaconScore(1, 0.5, 0.25, 0.75, 600).total()).isEqualTo(0.625);
    }

    @Test
    void unevenIntervals() {
        // Sorted 300 310 320 400 800: quartiles 305 320 600, so skewness 265/295; deviations 0 10 20 80 480, median 20.
        BeaconScore score = score(DAY, 0, 400, 700, 1_500, 1_820, 2_130);

        assertThat(score.timestamp()).isCloseTo((1 - 265 / 295.0 + 1 - 20 / 320.0) / 2, EXACTLY);
        assertThat(score.interval()).isEqualTo(320);
    }

    @Test
    void opensOfTheSameSecondAreOneInTime() {
        BeaconScore twice = score(DAY, 0, 0, 600, 600, 1_200, 1_200, 1_800, 1_800);

        assertThat(twice.timestamp()).isEqualTo(1);
        assertThat(twice.interval()).isEqualTo(600);
    }

    @Test
    void unevenSizes() {
        // Quartiles 110 130 170, so skewness 20/60; deviations 10 10 30 70, median 20.
        assertThat(sizeScore(200, 100, 140, 120)).isCloseTo((1 - 20 / 60.0 + 1 - 20 / 130.0) / 2, EXACTLY);
    }

    @Test
    void aNarrowRangeIsNotSkewed() {
        // Quartiles 100.5 101.5 110.5: 10 apart, skewness 8/10. With one less they are under 10 apart.
        assertThat(sizeScore(100, 101, 102, 119)).isCloseTo((1 - 8 / 10.0 + 1 - 1 / 101.5) / 2, EXACTLY);
        assertThat(sizeScore(100, 101, 102, 118)).isCloseTo((1 + 1 - 1 / 101.5) / 2, EXACTLY);
    }

    @Test
    void aMedianThatIsAQuartileIsNotSkewed() {
        // Quartiles 100 100 250; deviations 0 0 0 100 200.
        assertThat(sizeScore(100, 100, 100, 200, 300)).isEqualTo(1);
    }

    @Test
    void deviationsAsLargeAsTheMedianAreWorthNothing() {
        // Quartiles 0 50 200, skewness 100/200; deviations 50 50 50 250.
        assertThat(sizeScore(0, 0, 100, 300)).isCloseTo(0.25, EXACTLY);
        // Nothing sent: no skewness, and no share of a median of 0.
        assertThat(sizeScore(0, 0, 0, 0)).isCloseTo(0.5, EXACTLY);
    }

    @Test
    void durationBeginsWithTheSixthHour() {
        assertThat(score(DAY, hourly(5)).duration()).isZero();
        assertThat(score(DAY, hourly(6)).duration()).isCloseTo(6 / 12.0, EXACTLY);
        assertThat(score(DAY, hourly(11)).duration()).isCloseTo(11 / 12.0, EXACTLY);
        assertThat(score(DAY, hourly(13)).duration()).isEqualTo(1);
    }

    @Test
    void spreadOverTheWindowIsAsGoodAsARun() {
        long[] everyFourHours = {0, 4 * HOUR, 8 * HOUR, 12 * HOUR, 16 * HOUR, 20 * HOUR};

        assertThat(score(DAY, everyFourHours).duration()).isCloseTo(20 / 24.0, EXACTLY);
    }

    @Test
    void aRunEndsWhereAnHourIsEmpty() {
        // Hours 0 to 3 and 5 to 8; they cover 8 of 24 hours.
        long[] opens = {0, 1 * HOUR, 2 * HOUR, 3 * HOUR, 5 * HOUR, 6 * HOUR, 7 * HOUR, 8 * HOUR};

        assertThat(score(DAY, opens).duration()).isCloseTo(4 / 12.0, within(1e-3));
    }

    @Test
    void emptyHoursCountFromTheFirstOpenToTheWindowsEnd() {
        // 2 1 2 1: mean 1.5, deviation 0.5. Then 2 0 2 0: mean 1, deviation 1.
        assertThat(score(6 * HOUR, bars(0, 0, 2, 1, 2, 1)).histogram()).isCloseTo(1 - 0.5 / 1.5, EXACTLY);
        assertThat(score(4 * HOUR, bars(2, 0, 2, 0)).histogram()).isZero();
        assertThat(score(6 * HOUR, bars(2, 2, 2, 0, 0, 0)).histogram()).isZero();
    }

    @Test
    void twoKindsOfHoursAreRegularFromTheEleventhHourOn() {
        // 9 of 11 hours have 1 or 6 opens. Mean 36/11; the coefficient of variation of the eleven is 0.69.
        long[] eleven = bars(1, 6, 1, 6, 1, 6, 1, 6, 1, 3, 4);
        long[] ten = bars(1, 6, 1, 6, 1, 6, 1, 6, 1, 3);

        assertThat(score(11 * HOUR, eleven).histogram()).isCloseTo(9 / 11.0, EXACTLY);
        // Mean 3.2; squares 5 x 4.84, 4 x 7.84, 0.04.
        assertThat(score(10 * HOUR, ten).histogram()).isCloseTo(1 - Math.sqrt(5.56) / 3.2, EXACTLY);
    }

    @Test
    void emptyHoursAreNoneOfTheTwoKinds() {
        // Every other hour of 22 has an open: the empty ones are no mode, and do not lower the share.
        assertThat(score(22 * HOUR, bars(1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0))
                        .histogram())
                .isEqualTo(1);
    }

    @Test
    void fourDifferentOpensAreTheFewest() {
        assertThat(BeaconScore.of(at(0, 600, 600, 1_200), new long[4], FROM, FROM + DAY))
                .isEmpty();
        assertThat(BeaconScore.of(at(0, 600, 1_200, 1_800), new long[4], FROM, FROM + DAY))
                .isPresent();
    }

    @Property
    void everyPartIsBetweenZeroAndOne(
            @ForAll @Size(min = 4, max = 300) List<@LongRange(max = DAY - 1) Long> opens,
            @ForAll @LongRange(min = 1, max = Integer.MAX_VALUE) long most) {
        long[] bytes = opens.stream().mapToLong(open -> open * 31 % most).toArray();

        BeaconScore.of(at(numbers(opens)), bytes, FROM, FROM + DAY).ifPresent(score -> {
            assertThat(List.of(score.timestamp(), score.dataSize(), score.duration(), score.histogram()))
                    .allMatch(part -> part >= 0 && part <= 1);
            assertThat(score.total()).isBetween(0.0, 1.0);
        });
    }

    @Property
    void noScoreIsHigherThanItsHoursAllow(
            @ForAll @Size(min = 4, max = 100) List<@LongRange(max = DAY - 1) Long> opens,
            @ForAll @LongRange(min = 1, max = 7_200) long step) {
        long[] even =
                LongStream.range(0, opens.size()).map(nth -> nth * step % DAY).toArray();
        for (long[] seconds : List.of(numbers(opens), even)) {
            double most = BeaconScore.atMost(at(seconds), FROM, FROM + DAY);
            long[] bytes = new long[seconds.length];
            Arrays.fill(bytes, 500);

            BeaconScore.of(at(seconds), bytes, FROM, FROM + DAY)
                    .ifPresent(score -> assertThat(score.total()).isLessThanOrEqualTo(most));
        }
    }

    @Test
    void whatIsEvenReachesWhatItsHoursAllow() {
        long[] hours = LongStream.range(0, 24).map(hour -> hour * HOUR).toArray();
        long[] opens = at(hours);

        assertThat(BeaconScore.atMost(opens, FROM, FROM + DAY))
                .isEqualTo(score(DAY, hours).total());
    }

    /** A quarter each for the two that are not looked at, and for six hours in a row half of another. */
    @Test
    void fewHoursAllowLittle() {
        long[] opens = at(LongStream.range(0, 6).map(hour -> hour * HOUR).toArray());

        assertThat(BeaconScore.atMost(opens, FROM, FROM + DAY)).isEqualTo(0.625);
        assertThat(BeaconScore.atMost(Arrays.copyOf(opens, 5), FROM, FROM + DAY))
                .isEqualTo(0.5);
        assertThat(BeaconScore.atMost(Arrays.copyOf(opens, 3), FROM, FROM + DAY))
                .isZero();
    }

    @Property
    void orderDoesNotShow(
            @ForAll @Size(min = 4, max = 300) List<@LongRange(max = DAY - 1) Long> opens,
            @ForAll @IntRange(max = 1_000) int order) {
        long[] sorted = opens.stream().mapToLong(Long::longValue).sorted().toArray();
        Collections.shuffle(opens, new Random(order));
        long[] shuffled = numbers(opens);

        assertThat(BeaconScore.of(at(shuffled), shuffled, FROM, FROM + DAY))
                .isEqualTo(BeaconScore.of(at(sorted), sorted, FROM, FROM + DAY));
    }

    private static double sizeScore(long... bytes) {
        long[] opens = LongStream.range(0, bytes.length).map(i -> i * 600).toArray();
        return BeaconScore.of(at(opens), bytes, FROM, FROM + DAY).orElseThrow().dataSize();
    }

    private static BeaconScore score(long window, long... opens) {
        long[] bytes = new long[opens.length];
        Arrays.fill(bytes, 500);
        return BeaconScore.of(at(opens), bytes, FROM, FROM + window).orElseThrow();
    }

    private static long[] at(long... seconds) {
        return LongStream.of(seconds).map(second -> FROM + second).toArray();
    }

    private static long[] hourly(int hours) {
        return LongStream.range(0, hours).map(hour -> hour * HOUR).toArray();
    }

    /** So many opens in each hour, a minute apart. */
    private static long[] bars(int... counts) {
        LongStream.Builder opens = LongStream.builder();
        for (int hour = 0; hour < counts.length; hour++) {
            for (int i = 0; i < counts[hour]; i++) {
                opens.add(hour * HOUR + i * 60L);
            }
        }
        return opens.build().toArray();
    }

    private static long[] numbers(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
