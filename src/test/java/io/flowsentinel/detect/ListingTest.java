package io.flowsentinel.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ListingTest {

    @Test
    void aListNamesTenAndCountsTheRest() {
        assertThat(Listing.text(numbered(10), 10)).isEqualTo("t0, t1, t2, t3, t4, t5, t6, t7, t8, t9");
        assertThat(Listing.text(numbered(12), 12)).endsWith("t8, t9 and 2 more");
        assertThat(Listing.text(numbered(10), 312)).endsWith("t8, t9 and 302 more");
        assertThat(Listing.inTitle(numbered(4), 4)).isEqualTo("t0, t1, t2 and 1 more");
    }

    @Test
    void numbersInAListStandByTheirValue() {
        assertThat(Stream.of("443", "TCP 8443", "80", "10.0.0.10", "TCP 25", "10.0.0.9", "080", "TCP")
                        .sorted(Listing.NATURAL))
                .containsExactly("10.0.0.9", "10.0.0.10", "080", "80", "443", "TCP", "TCP 25", "TCP 8443");
    }

    @Property(tries = 100)
    void theFirstOfAListDoNotDependOnTheOrderInWhichTheyCome(
            @ForAll @Size(max = 40) List<@StringLength(max = 4) @Chars({'0', '1', '2', 'a', '.'}) String> names,
            @ForAll Random random) {
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, random);
        TreeSet<String> all = new TreeSet<>(Listing.NATURAL);
        Listing.add(all, names);
        TreeSet<String> oneByOne = new TreeSet<>(Listing.NATURAL);
        shuffled.forEach(name -> Listing.add(oneByOne, List.of(name)));

        assertThat(List.copyOf(oneByOne)).isEqualTo(List.copyOf(all));
    }

    private static List<String> numbered(int many) {
        return IntStream.range(0, many).mapToObj(i -> "t" + i).toList();
    }
}
