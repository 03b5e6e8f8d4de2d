package io.flowsentinel.detect;

import java.util.Map;
import java.util.TreeMap;

/** All that is kept for one key of one group: the panes in reach and the open episodes. */
final class Watched {

    /** No pane has been judged yet, or no timer is set. */
    static final long NEVER = Long.MIN_VALUE;

    final TreeMap<Long, Pane> panes = new TreeMap<>();
    final TreeMap<String, Episode> episodes = new TreeMap<>();
    /** Episode keys of closed day findings and the end of their day: a connection of that day may end later. */
    final TreeMap<String, Long> closedDays = new TreeMap<>();
    /** The last pane that was judged. */
    long judged = NEVER;
    /** Event time, in seconds, of the one timer that is set. */
    long wakeAt = NEVER;

    boolean isEmpty() {
        return panes.isEmpty() && episodes.isEmpty() && closedDays.isEmpty();
    }

    Watched copy() {
        Watched copy = new Watched();
        for (Map.Entry<Long, Pane> pane : panes.entrySet()) {
            copy.panes.put(pane.getKey(), pane.getValue().copy());
        }
        for (Map.Entry<String, Episode> episode : episodes.entrySet()) {
            copy.episodes.put(episode.getKey(), episode.getValue().copy());
        }
        copy.closedDays.putAll(closedDays);
        copy.judged = judged;
        copy.wakeAt = wakeAt;
        return copy;
    }
}
