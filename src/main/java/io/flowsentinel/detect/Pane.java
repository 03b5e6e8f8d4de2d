package io.flowsentinel.detect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one key did in one pane, as read from its ledger. Bounded: beyond {@link #MAX_CELLS} distinct cells the ones that
 * began first are judged, each for its first sample alone, so that an overflow does not depend on arrival order.
 */
final class Pane {

    /** Distinct cells that are told apart exactly; no threshold may exceed it. */
    static final int MAX_CELLS = 20_000;

    private static final Comparator<Map.Entry<Place, Tally>> BY_FIRST =
            Comparator.comparing(entry -> entry.getValue().first(), Sample.BY_START);
    private static final Comparator<Map.Entry<Place, Tally>> BY_FINGERPRINT =
            Comparator.comparingLong(entry -> entry.getKey().cell().fingerprint());

    private List<Map.Entry<Place, Tally>> counting = new ArrayList<>();
    private List<Map.Entry<Place, Tally>> facts = new ArrayList<>();
    private List<Place> leftOut = List.of();

    /** All panes of one family in a ledger, by their start. */
    static SortedMap<Long, Pane> read(Ledger ledger, int family) {
        TreeMap<Long, Pane> panes = new TreeMap<>();
        ledger.read((place, tally) -> {
            if (place.family() == family) {
                panes.computeIfAbsent(place.pane(), unseen -> new Pane()).add(place, tally);
            }
        });
        return panes;
    }

    void add(Place place, Tally tally) {
        (place.fact() ? facts : counting).add(Map.entry(place, tally));
    }

    /** Leaves out what is beyond the bound, and tells where that is kept. */
    List<Place> bound() {
        List<Place> beyond = new ArrayList<>();
        counting = firstOf(counting, BY_FIRST, beyond);
        facts = firstOf(facts, BY_FINGERPRINT, beyond);
        return beyond;
    }

    /** As {@link #bound}, and brings a pane that overflowed to its final form, which all orders of arrival share. */
    void seal(boolean overflowed) {
        leftOut = bound();
        if (overflowed) {
            counting.replaceAll(
                    entry -> Map.entry(entry.getKey(), entry.getValue().firstOnly()));
        }
    }

    /** What counts, in no order. */
    List<Map.Entry<Place, Tally>> counting() {
        return counting;
    }

    /** What else is known, in no order. */
    List<Map.Entry<Place, Tally>> facts() {
        return facts;
    }

    /** Where everything of the pane is kept. */
    List<Place> places() {
        List<Place> places = new ArrayList<>(leftOut);
        counting.forEach(entry -> places.add(entry.getKey()));
        facts.forEach(entry -> places.add(entry.getKey()));
        return places;
    }

    private static List<Map.Entry<Place, Tally>> firstOf(
            List<Map.Entry<Place, Tally>> entries, Comparator<Map.Entry<Place, Tally>> order, List<Place> beyond) {
        if (entries.size() <= MAX_CELLS) {
            return entries;
        }
        entries.sort(order);
        entries.subList(MAX_CELLS, entries.size()).forEach(entry -> beyond.add(entry.getKey()));
        return new ArrayList<>(entries.subList(0, MAX_CELLS));
    }
}
