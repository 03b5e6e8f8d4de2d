package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Pane;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who wrote from when to when: a share of the interfaces of the flow logs of one account and region, and whether those flow
 * logs go on, whoever of all interfaces wrote. Bounded: who has not written
 * for {@link #KEPT} seconds is forgotten, and beyond {@link #MOST} the ones silent longest.
 */
final class Presence {

    /** A cell that counts for nobody. */
    static final Cell NOBODY = new Cell(null, 0, 0, null, Map.of());

    static final long KEPT = 7 * 86_400;
    static final int MOST = 100_000;

    private static final long LONGEST_PANE = 600;

    /** What a silence takes with the longest panes. */
    private static final long LEAST_SILENCE = 3 * LONGEST_PANE;

    /** Name of the pane in which more wrote than are told apart. */
    private static final String CROWDED = "#crowded";

    private static final String WRITER = "=";
    private static final String NEXT = " ";
    private static final String HOME = " !";
    private static final int PARTS = 3;

    private final Map<String, Times> flowLogs = new TreeMap<>();
    private final Map<String, Known> interfaces = new TreeMap<>();
    private final Set<String> homes = new TreeSet<>();
    private long crowded = Long.MIN_VALUE;

    private Presence() {}

    /**
     * From when to when somebody wrote.
     *
     * @param first epoch seconds of the start of the first pane
     * @param last epoch seconds of the start of the last pane
     */
    record Times(long first, long last) {

        Times and(Times other) {
            return new Times(Math.min(first, other.first), Math.max(last, other.last));
        }
    }

    /**
     * What is known of an interface.
     *
     * @param times in any flow log
     * @param flowLogs that had it
     * @param scope where it last wrote
     */
    record Known(Times times, Set<String> flowLogs, String scope) {

        Known and(Known other) {
            Set<String> all = new TreeSet<>(flowLogs);
            all.addAll(other.flowLogs);
            boolean later =
                    other.times.last > times.last || other.times.last == times.last && other.scope.compareTo(scope) < 0;
            return new Known(times.and(other.times), all, later ? other.scope : scope);
        }
    }

    /** What a writer's presence in a pane counts as. */
    static Cell cell(String flowLog, String interfaceId, String scope) {
        return new Cell(null, 0, 0, flowLog + NEXT + interfaceId + NEXT + scope, Map.of());
    }

    /**
     * What a flow log's going on counts as.
     *
     * @param home where its end would be told
     */
    static Cell cell(String flowLog, boolean home) {
        return new Cell(null, 0, 0, home ? flowLog + HOME : flowLog, Map.of());
    }

    static Presence read(Memory memory) {
        Presence presence = new Presence();
        Map<String, Times> sorted = new TreeMap<>();
        memory.read((name, numbers) -> {
            if (name.startsWith(WRITER)) {
                sorted.put(name.substring(WRITER.length()), new Times(numbers[0], numbers[1]));
            } else {
                presence.crowded = numbers[0];
            }
        });
        sorted.forEach(presence::add);
        return presence;
    }

    /** Notes who wrote by what was told in a pane; panes may come in any order. */
    static void note(Memory memory, long pane, List<PaneTally> tallies) {
        for (PaneTally entry : tallies) {
            String name = WRITER + entry.cell().side();
            long[] known = memory.get(name);
            long wrote = entry.tally().lastStart();
            Times times = new Times(wrote, wrote);
            times = known == null ? times : times.and(new Times(known[0], known[1]));
            memory.put(name, new long[] {times.first, times.last});
        }
        if (tallies.size() >= Pane.MAX_CELLS) {
            memory.put(CROWDED, new long[] {pane});
        }
    }

    /** Takes in who wrote in a pane. */
    void wrote(String writer, long pane) {
        add(writer, new Times(pane, pane));
    }

    Map<String, Times> flowLogs() {
        return flowLogs;
    }

    /** Whether the flow log's own end is told here. */
    boolean isHomeOf(String flowLog) {
        return homes.contains(flowLog);
    }

    Map<String, Known> interfaces() {
        return interfaces;
    }

    /** Whether it is not known of everybody who wrote after a moment. */
    boolean crowdedSince(long moment) {
        return crowded > moment;
    }

    /** Whether anybody of these flow logs wrote after a moment. */
    boolean writesAfter(Set<String> any, long moment) {
        return any.stream().anyMatch(flowLog -> flowLogs.get(flowLog).last > moment);
    }

    /**
     * Forgets who has not written for long.
     *
     * @return when the next one may be silent, or is to be forgotten
     */
    static long forget(Memory memory, long time, long silence) {
        Map<String, Long> lasts = new TreeMap<>();
        memory.read((name, numbers) -> lasts.put(name, numbers[numbers.length - 1]));
        List<Map.Entry<String, Long>> oldestFirst = new ArrayList<>(lasts.entrySet());
        oldestFirst.sort(Comparator.comparingLong(Map.Entry::getValue));
        long next = Long.MAX_VALUE;
        int left = oldestFirst.size();
        for (Map.Entry<String, Long> entry : oldestFirst) {
            long last = entry.getValue();
            if (left > MOST || last + KEPT <= time) {
                memory.forgotten(last + KEPT <= time ? 0 : 1);
                memory.remove(entry.getKey());
                left--;
            } else {
                boolean perhaps = time < last + Math.max(silence, LEAST_SILENCE) + LONGEST_PANE;
                next = Math.min(next, perhaps ? Math.max(last + silence, time) + 1 : last + KEPT);
            }
        }
        return next;
    }

    private void add(String writer, Times times) {
        String[] parts = writer.split(NEXT, PARTS);
        flowLogs.merge(parts[0], times, Times::and);
        if (parts.length < PARTS) {
            if (writer.endsWith(HOME)) {
                homes.add(parts[0]);
            }
            return;
        }
        interfaces.merge(parts[1], new Known(times, Set.of(parts[0]), parts[2]), Known::and);
    }
}
