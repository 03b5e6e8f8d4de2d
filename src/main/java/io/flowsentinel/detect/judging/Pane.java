package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.settings.RuleSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one key did in one pane, as read from its ledger. Bounded: beyond {@link Family#most} distinct cells the ones that
 * began first are judged, each for its first sample alone, and of facts those first in {@link Cell#ORDER}, so that an
 * overflow does not depend on arrival order.
 */
public final class Pane {

    /** Distinct cells that are told apart exactly, unless the family says fewer: well above any threshold. */
    public static final int MAX_CELLS = 2 * RuleSettings.HIGHEST_THRESHOLD;

    private static final Comparator<Map.Entry<Place, Tally>> COUNTING = (one, other) ->
            compareCounting(one.getKey().cell(), one.getValue(), other.getKey().cell(), other.getValue());
    private static final Comparator<Map.Entry<Place, Tally>> FACTS =
            Comparator.comparing(entry -> entry.getKey().cell(), Cell.ORDER);

    private List<Map.Entry<Place, Tally>> counting = new ArrayList<>();
    private List<Map.Entry<Place, Tally>> facts = new ArrayList<>();
    private List<Place> leftOut = List.of();

    private Pane() {}

    /** All panes of one family in a ledger, by their start. */
    public static SortedMap<Long, Pane> read(Ledger ledger, int family) {
        TreeMap<Long, Pane> panes = new TreeMap<>();
        ledger.read(place -> place.family() == family, (place, tally) -> panes.computeIfAbsent(
                        place.pane(), unseen -> new Pane())
                .add(place, tally));
        return panes;
    }

    /** One pane of a family. */
    public static Pane read(Ledger ledger, int family, long start) {
        Pane pane = new Pane();
        ledger.read(place -> place.family() == family && place.pane() == start, pane::add);
        return pane;
    }

    /** In which order cells that count are kept: total, so that it does not depend on how they came. */
    public static int compareCounting(Cell one, Tally its, Cell other, Tally others) {
        int bySample = Sample.BY_START.compare(its.first(), others.first());
        return bySample != 0 ? bySample : Cell.ORDER.compare(one, other);
    }

    void add(Place place, Tally tally) {
        (place.fact() ? facts : counting).add(Map.entry(place, tally));
    }

    /**
     * Leaves out what is beyond the bound, and tells where that is kept.
     *
     * @param most cells that count, and as many facts
     */
    public List<Place> bound(int most) {
        List<Place> beyond = new ArrayList<>();
        counting = firstOf(counting, COUNTING, most, beyond);
        facts = firstOf(facts, FACTS, most, beyond);
        return beyond;
    }

    /** As {@link #bound}, and brings a pane that overflowed to its final form, which all orders of arrival share. */
    public void seal(boolean overflowed, int most) {
        leftOut = bound(most);
        if (overflowed) {
            counting.replaceAll(
                    entry -> Map.entry(entry.getKey(), entry.getValue().firstOnly()));
        }
    }

    /** What counts, in no order. */
    public List<Map.Entry<Place, Tally>> counting() {
        return counting;
    }

    /** What else is known, in no order. */
    public List<Map.Entry<Place, Tally>> facts() {
        return facts;
    }

    /** Where everything of the pane is kept. */
    public List<Place> places() {
        List<Place> places = new ArrayList<>(leftOut);
        counting.forEach(entry -> places.add(entry.getKey()));
        facts.forEach(entry -> places.add(entry.getKey()));
        return places;
    }

    private static List<Map.Entry<Place, Tally>> firstOf(
            List<Map.Entry<Place, Tally>> entries,
            Comparator<Map.Entry<Place, Tally>> order,
            int most,
            List<Place> beyond) {
        if (entries.size() <= most) {
            return entries;
        }
        entries.sort(order);
        entries.subList(most, entries.size()).forEach(entry -> beyond.add(entry.getKey()));
        return new ArrayList<>(entries.subList(0, most));
    }
}
