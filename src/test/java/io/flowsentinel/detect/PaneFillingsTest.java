package io.flowsentinel.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Agenda.Filling;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PaneFillingsTest {

    /** Held against a sorted map. */
    @Property
    void panesAreInOrderWhateverTheOrderTheyCameIn(
            @ForAll List<@IntRange(max = 50) Integer> panes, @ForAll @IntRange(max = 50) int forgotten) {
        PaneFillings fillings = new PaneFillings();
        TreeMap<Long, Filling> expected = new TreeMap<>();
        for (long pane : panes) {
            expected.putIfAbsent(pane, fillings.getOrBegin(pane));
            assertThat(fillings.getOrBegin(pane)).isSameAs(expected.get(pane));
        }
        assertHolds(fillings, expected);

        List<Long> seen = new ArrayList<>();
        fillings.removeBefore(forgotten, (pane, filling) -> seen.add(pane));

        assertThat(seen)
                .containsExactlyElementsOf(expected.headMap((long) forgotten).keySet());
        expected.headMap((long) forgotten).clear();
        assertHolds(fillings, expected);
    }

    @Test
    void theFirstPaneInWhichSomethingCountsIsFound() {
        PaneFillings fillings = new PaneFillings();
        for (long pane = 0; pane < 600; pane += 60) {
            fillings.getOrBegin(pane).counted = pane == 120 || pane == 300 ? 1 : 0;
        }

        assertThat(fillings.firstCountingFrom(0)).isEqualTo(120);
        assertThat(fillings.firstCountingFrom(120)).isEqualTo(120);
        assertThat(fillings.firstCountingFrom(121)).isEqualTo(300);
        assertThat(fillings.firstCountingFrom(301)).isEqualTo(Long.MAX_VALUE);
    }

    private static void assertHolds(PaneFillings fillings, SortedMap<Long, Filling> expected) {
        TreeMap<Long, Filling> held = new TreeMap<>();
        List<Long> order = new ArrayList<>();
        fillings.forEach((pane, filling) -> {
            held.put(pane, filling);
            order.add(pane);
        });
        assertThat(held).isEqualTo(expected);
        assertThat(order).isSorted();
        assertThat(fillings.isEmpty()).isEqualTo(expected.isEmpty());
        assertThat(fillings.size()).isEqualTo(expected.size());
        assertThat(fillings.get(51)).isNull();
        if (!expected.isEmpty()) {
            assertThat(fillings.first()).isEqualTo(expected.firstKey());
            assertThat(fillings.last()).isEqualTo(expected.lastKey());
        }
    }
}
