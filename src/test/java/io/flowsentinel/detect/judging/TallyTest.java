package io.flowsentinel.detect.judging;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.settings.Networks;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TallyTest {

    private static final Sample SAMPLE = new ClosedConnection(
                    Connections.from("10.0.1.5", "198.51.100.7", 443).close(), Networks.byDefault())
            .sample();

    /** One by one or many at a time, in any order: the earliest are kept, in order. */
    @Property(tries = 200)
    void keepsTheEarliestMoments(@ForAll @IntRange(min = 1, max = 1_500) int count, @ForAll int seed) {
        Random random = new Random(seed);
        long[] all = random.longs(count, 0, 2_000).toArray();
        Tally tally = new Tally();
        for (int next = 0; next < count; ) {
            int several = Math.min(count - next, random.nextInt(4) == 0 ? random.nextInt(Tally.MAX_MOMENTS) + 1 : 1);
            long[] some = Arrays.copyOfRange(all, next, next + several);
            Arrays.sort(some);
            tally.add(at(some));
            next += several;
        }

        Arrays.sort(all);
        assertThat(tally.moments()).isEqualTo(Arrays.copyOf(all, Math.min(count, Tally.MAX_MOMENTS)));
    }

    /** Also of a tally that was added to before, and has room for more moments. */
    @Test
    void takesInWhatWasAddedUp() {
        Tally other = at(30);
        other.add(at(10));

        Tally tally = at(20);
        tally.add(other);

        assertThat(tally.moments()).containsExactly(10, 20, 30);
        assertThat(tally.momentCount()).isEqualTo(3);
    }

    /** Whoever gave or read them, or made a copy, sees no moments that come later: of few, and of as many as are kept. */
    @Test
    void whatOthersHoldDoesNotChange() {
        for (int count : new int[] {3, Tally.MAX_MOMENTS}) {
            long[] given = LongStream.range(50, 50 + count).toArray();
            long[] before = given.clone();
            Tally tally = at(given);
            Tally copy = tally.copy();
            long[] read = tally.moments();

            tally.add(at(10));
            copy.add(at(20));

            assertThat(given).isEqualTo(before);
            assertThat(read).isEqualTo(before);
            assertThat(tally.moments()).startsWith(10, 50, 51);
            assertThat(copy.moments()).startsWith(20, 50, 51);
            assertThat(tally.momentCount()).isEqualTo(Math.min(count + 1, Tally.MAX_MOMENTS));
        }
    }

    /** Also where there was room for more moments already. */
    @Test
    void aCopyHasRoomOfItsOwn() {
        Tally tally = at(50);
        tally.add(at(60));
        Tally copy = tally.copy();
        long[] read = tally.moments();

        tally.add(at(10));
        copy.add(at(20));

        assertThat(read).containsExactly(50, 60);
        assertThat(tally.moments()).containsExactly(10, 50, 60);
        assertThat(copy.moments()).containsExactly(20, 50, 60);
    }

    private static Tally at(long... moments) {
        return new Tally(List.of(SAMPLE), moments.length, 0, 0, SAMPLE.start(), false, 0, moments);
    }
}
