package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Pane;
import io.flowsentinel.detect.judging.Place;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.rule.Catalogue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Adds up what one subtask has to say until it has to be sent: a flood of connections to one service, or all health checks
 * of one originator, cross the key exchange as one tally a pane.
 *
 * <p>Of a subject with more cells in a pane than are judged ({@link Family#most}) only those are sent that can be among
 * the judged ones, and one more, by which the receiver knows: a scan of millions must not stall the one who judges it.
 */
final class PartialTallies {

    /** More is not held back. */
    private static final int MOST = 50_000;

    private static final int CROWDS = 1 << 14;

    /** By the event time, in epoch seconds, at which the pane is judged. */
    private final TreeMap<Long, Map<Key, Tally>> held = new TreeMap<>();

    /** Likewise, of each crowd the last entry that is kept. */
    private final TreeMap<Long, Map<Crowd, Map.Entry<Key, Tally>>> limits = new TreeMap<>();

    /** How many cells are held, by hash of the crowd: never fewer than there are. */
    private final int[] sizes = new int[CROWDS];

    private final Consumer<Partial> out;
    private int size;

    /** What one subject does in one pane. */
    private record Crowd(Subject subject, int family, long pane, boolean fact) {

        static Crowd of(Key key) {
            Place place = key.place;
            return new Crowd(key.subject, place.family(), place.pane(), place.fact());
        }

        /** In the order in which a pane leaves out what it has too much of. */
        Comparator<Map.Entry<Key, Tally>> order() {
            return fact
                    ? Comparator.comparing(entry -> entry.getKey().place.cell(), Cell.ORDER)
                    : (one, other) -> Pane.compareCounting(
                            one.getKey().place.cell(),
                            one.getValue(),
                            other.getKey().place.cell(),
                            other.getValue());
        }

        /** What is kept of it. */
        int kept() {
            return Catalogue.family(family).most() + 1;
        }
    }

    private record Key(Subject subject, Place place) {

        @Override
        public int hashCode() {
            return 31 * subject.hashCode() + place.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that && place.equals(that.place) && subject.equals(that.subject);
        }
    }

    PartialTallies(Consumer<Partial> out) {
        this.out = out;
    }

    /**
     * Adds to what is held.
     *
     * @param due epoch seconds of event time by which it has to be there
     */
    void add(Subject subject, Place place, long due, Tally tally) {
        Key key = new Key(subject, place);
        Map<Key, Tally> tallies = held.computeIfAbsent(due, unseen -> new HashMap<>());
        Tally known = tallies.get(key);
        if (known != null) {
            known.add(tally);
            return;
        }
        if (!limits.isEmpty() && beyond(key, due, tally)) {
            return;
        }
        tallies.put(key, tally);
        size++;
        int crowd = (int) ((31L * subject.hashCode() + due) & CROWDS - 1);
        if (++sizes[crowd] > 2 * (Catalogue.family(place.family()).most() + 1)) {
            sizes[crowd] = thinned(Crowd.of(key), due, tallies);
        }
        if (size >= MOST) {
            send();
        }
    }

    private boolean beyond(Key key, long due, Tally tally) {
        Map<Crowd, Map.Entry<Key, Tally>> ofPane = limits.get(due);
        if (ofPane == null) {
            return false;
        }
        Crowd crowd = Crowd.of(key);
        Map.Entry<Key, Tally> limit = ofPane.get(crowd);
        return limit != null && crowd.order().compare(Map.entry(key, tally), limit) > 0;
    }

    /** Leaves out what cannot be judged; how many of the crowd's cells are held then. */
    private int thinned(Crowd crowd, long due, Map<Key, Tally> tallies) {
        List<Map.Entry<Key, Tally>> cells = new ArrayList<>();
        tallies.forEach((key, tally) -> {
            if (crowd.equals(Crowd.of(key))) {
                cells.add(Map.entry(key, tally));
            }
        });
        int kept = crowd.kept();
        if (cells.size() <= kept) {
            return cells.size();
        }
        cells.sort(crowd.order());
        cells.subList(kept, cells.size()).forEach(entry -> tallies.remove(entry.getKey()));
        size -= cells.size() - kept;
        Map.Entry<Key, Tally> last = cells.get(kept - 1);
        // A copy: what is added to the tally later must not move the limit.
        Tally asItIs = crowd.fact() ? last.getValue() : last.getValue().firstOnly();
        limits.computeIfAbsent(due, unseen -> new HashMap<>()).put(crowd, Map.entry(last.getKey(), asItIs));
        return kept;
    }

    /** Sends all that is held. */
    void send() {
        send(held);
        Arrays.fill(sizes, 0);
    }

    /** Sends what has to be there when event time is this far, in epoch seconds. */
    void sendDue(long time) {
        send(held.headMap(time, true));
        limits.headMap(time, true).clear();
        if (held.isEmpty()) {
            Arrays.fill(sizes, 0);
        }
    }

    private void send(SortedMap<Long, Map<Key, Tally>> due) {
        for (Map<Key, Tally> tallies : due.values()) {
            tallies.forEach((key, tally) -> out.accept(new Partial(key.subject(), key.place(), tally)));
            size -= tallies.size();
        }
        due.clear();
    }
}
