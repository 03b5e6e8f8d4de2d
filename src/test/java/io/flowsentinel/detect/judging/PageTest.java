package io.flowsentinel.detect.judging;

import static io.flowsentinel.detect.settings.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.settings.Networks;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.longs.LongList;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class PageTest {

    /** Held against a plain map: few cells and many, what counts apart from facts. */
    @Property
    void cellsAreFoundHoweverManyThereAre(@ForAll @IntRange(max = 40) int cells, @ForAll int seed) {
        Random random = new Random(seed);
        Map<Cell, Tally> counting = new HashMap<>();
        Map<Cell, Tally> facts = new HashMap<>();
        Page page = new Page();
        for (int i = 0; i < cells; i++) {
            boolean fact = random.nextBoolean();
            Cell cell = cell(random.nextInt(30));
            Tally tally = fact ? Tally.fact(1 + random.nextInt(7)) : counted(random);
            page.put(fact, cell, tally);
            (fact ? facts : counting).put(cell, tally);
        }

        assertThat(cellsOf(page.counting())).isEqualTo(counting);
        assertThat(cellsOf(page.facts())).isEqualTo(facts);
        assertThat(page.size()).isEqualTo(counting.size() + facts.size());
        counting.forEach((cell, tally) -> assertThat(page.counting().get(cell)).isSameAs(tally));
        assertThat(page.facts().get(cell(99))).isNull();
    }

    @Property
    void aPageIsReadAsItWasWritten(@ForAll @IntRange(max = 12) int cells, @ForAll int seed) throws IOException {
        Random random = new Random(seed);
        Page page = new Page();
        for (int i = 0; i < cells; i++) {
            page.put(random.nextBoolean(), cell(i), random.nextBoolean() ? counted(random) : Tally.fact(i, i));
        }

        Page read = again(page);

        assertThat(read.countingCells()).isEqualTo(page.countingCells());
        assertThat(read.factCells()).isEqualTo(page.factCells());
        assertSame(read, page);
        assertSame(again(again(read)), page);
    }

    @Test
    void aSmallPageStaysClosedUntilSomebodyLooks() throws IOException {
        Page read = again(Page.of(false, cell(1), counted(new Random(1))));
        Page large = new Page();
        for (int i = 0; i < 30; i++) {
            large.put(true, cell(i), Tally.fact(1));
        }

        assertThat(read.closed()).isTrue();
        assertThat(again(read).closed()).isTrue();
        assertThat(read.counting().size()).isEqualTo(1);
        assertThat(read.closed()).isFalse();
        assertThat(again(large).closed()).isFalse();
    }

    /** Held against pages that are opened and added up cell by cell. */
    @Property
    void whatIsJoinedAddsUpWhenSomebodyLooks(@ForAll @IntRange(min = 1, max = 6) int pages, @ForAll int seed)
            throws IOException {
        Random random = new Random(seed);
        Page joined = null;
        Page added = new Page();
        int entries = 0;
        for (int i = 0; i < pages; i++) {
            boolean fact = random.nextBoolean();
            Cell cell = cell(random.nextInt(4));
            Tally tally = fact ? Tally.fact(1 + random.nextInt(7)) : counted(random);
            Page more = again(Page.of(fact, cell, tally));
            added.add(fact, cell, tally.copy());
            entries++;
            if (joined == null) {
                joined = more;
            } else {
                assertThat(joined.joins(more)).isTrue();
                joined.join(more);
            }
        }

        assertThat(joined.closed()).isTrue();
        assertThat(joined.size()).isEqualTo(entries);
        assertSame(again(joined), added);
        assertSame(joined.copy(), added);
        assertThat(joined.closed()).isTrue();
        assertSame(joined, added);
        assertThat(joined.size()).isEqualTo(added.size());
        assertThat(joined.joins(again(Page.of(true, cell(1), Tally.fact(1))))).isFalse();
    }

    @Property
    void aGlanceDoesNotOpenAPage(@ForAll @IntRange(max = 12) int cells, @ForAll int seed) throws IOException {
        Random random = new Random(seed);
        Page page = new Page();
        LongList expected = new LongArrayList();
        LongList addresses = new LongArrayList();
        boolean allowed = false;
        for (int i = 0; i < cells; i++) {
            boolean fact = random.nextBoolean();
            Cell cell = cell(i);
            Tally tally = counted(random);
            page.put(fact, cell, tally);
            if (!fact) {
                expected.addElements(expected.size(), tally.moments());
                addresses.add(Cell.fingerprint(cell.address(), 0, 0));
                allowed |= !cell.allowedBy().isEmpty();
            }
        }

        for (Page one : List.of(page, again(page))) {
            boolean closed = one.closed();
            LongList moments = new LongArrayList();
            boolean told = one.glance(Glance.MOMENTS, moments);
            assertThat(told).isNotEqualTo(allowed);
            assertThat(one.closed()).isEqualTo(closed);
            if (told) {
                assertThat(moments.toLongArray()).containsExactlyInAnyOrder(expected.toLongArray());
            }
            LongList seen = new LongArrayList();
            assertThat(one.glance(Glance.ADDRESSES, seen)).isTrue();
            assertThat(one.closed()).isEqualTo(closed);
            assertThat(seen.toLongArray()).containsExactlyInAnyOrder(addresses.toLongArray());
        }
    }

    @Test
    void momentsDoNotTellAllOfWhatAnAllowListCoversOrOfMoreThanAreKept() throws IOException {
        Sample sample = counted(new Random(1)).first();
        Cell allowed = new Cell(null, 443, 6, null, Map.of("beacon", "allow port=443"));
        Page covered = Page.of(false, allowed, Tally.at(sample, 7, false));
        Page many = new Page();
        for (int cell = 0; cell < 2; cell++) {
            long[] moments = LongStream.range(0, 301).toArray();
            many.put(false, cell(3 * cell), new Tally(List.of(sample), 301, 0, 0, 0, false, 0, moments));
        }

        for (Page page : List.of(covered, again(covered), many, again(many))) {
            assertThat(page.glance(Glance.MOMENTS, new LongArrayList())).isFalse();
        }
    }

    @Test
    void noMoreIsJoinedThanIsLittle() throws IOException {
        Page known = again(Page.of(true, cell(0), Tally.fact(1)));
        int joined = 1;
        while (known.joins(again(Page.of(true, cell(joined), Tally.fact(1))))) {
            known.join(again(Page.of(true, cell(joined), Tally.fact(1))));
            joined++;
        }

        assertThat(joined).isEqualTo(24);
        assertThat(again(known).closed()).isTrue();
    }

    @Test
    void aCopyIsNotTouchedByWhatIsAddedLater() throws IOException {
        Page read = again(Page.of(false, cell(1), counted(new Random(1))));
        Page closed = read.copy();
        read.counting().get(cell(1)).add(counted(new Random(2)));
        Page opened = read.copy();
        read.counting().get(cell(1)).add(counted(new Random(3)));
        read.put(true, cell(2), Tally.fact(1));

        assertThat(closed.counting().get(cell(1)).count()).isEqualTo(1);
        assertThat(opened.counting().get(cell(1)).count()).isEqualTo(2);
        assertThat(opened.facts().size()).isZero();
    }

    private static void assertSame(Page page, Page expected) {
        for (boolean fact : new boolean[] {false, true}) {
            assertThat(cellsOf(page.cells(fact)).keySet())
                    .isEqualTo(cellsOf(expected.cells(fact)).keySet());
            expected.cells(fact).forEach((cell, tally) -> {
                Tally same = page.cells(fact).get(cell);
                assertThat(same)
                        .usingRecursiveComparison()
                        .ignoringFields("shared", "lastFirst", "moments")
                        .withEqualsForType(Sample::equals, Sample.class)
                        .isEqualTo(tally);
                assertThat(same.moments()).isEqualTo(tally.moments());
            });
        }
    }

    private static Map<Cell, Tally> cellsOf(Cells cells) {
        Map<Cell, Tally> all = new HashMap<>();
        cells.forEach(all::put);
        return all;
    }

    private static Page again(Page page) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        page.write(out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        Page read = Page.read(in);
        assertThat(in.available()).isZero();
        return read;
    }

    private static Tally counted(Random random) {
        Connections connection = Connections.from("10.0.1." + random.nextInt(250), "203.0.113.9", 443)
                .at(random.nextInt(60));
        ClosedConnection closed = new ClosedConnection(connection.close(), Networks.byDefault());
        Tally tally = random.nextBoolean()
                ? Tally.at(closed.sample(), random.nextInt(9_000), random.nextBoolean())
                : Tally.of(closed.sample(), random.nextInt(9), random.nextInt(9_000), random.nextBoolean());
        return random.nextBoolean() ? tally : tally.heaviest(closed.sample("vpc-2", "eni-1"), random.nextInt(99));
    }

    private static Cell cell(int number) {
        return switch (number % 3) {
            case 0 -> new Cell(ip("10.0.0." + number), 443, 6, null, Map.of());
            case 1 -> new Cell(ip("2001:db8::" + number), 53, 17, "side", Map.of("rule", "entry", "other", "one"));
            default -> Cell.ofSubject("side " + number);
        };
    }
}
