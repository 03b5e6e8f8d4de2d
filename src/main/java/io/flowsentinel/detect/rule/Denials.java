package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is remembered of the denials of one class of originators at one port, beyond the window: of each day the first, the
 * last and how many, which hosts of the class they were, and when the class was last let in. Moments are epoch seconds.
 */
final class Denials {

    static final long SPAN = 7 * Detector.DAY;

    /** For so long after it was let in a class is not new to be let in. */
    static final long LET_IN_FOR = 30 * Detector.DAY;

    /**
     * Classes and ports of one subject. Of more, those denied on the fewest days are forgotten first, and of these always
     * the same ones: who comes every day is then either kept from the first day on or never.
     */
    static final int MOST = 256;

    /** Hosts of a class that are told apart: all of a /24. */
    static final int HOSTS = 256;

    private static final long NEVER = Long.MIN_VALUE;
    private static final int WORDS = HOSTS / Long.SIZE;
    private static final int HEAD = 1 + WORDS;
    private static final int OF_A_DAY = 3;

    private long letIn = NEVER;
    private final BitSet hosts = new BitSet(HOSTS);
    private final List<Day> days = new ArrayList<>();

    /** The denials of one UTC day. */
    private record Day(long first, long last, long count) {

        Day and(Day other) {
            return new Day(Math.min(first, other.first), Math.max(last, other.last), count + other.count);
        }
    }

    static Denials read(Memory memory, String name) {
        Denials denials = new Denials();
        long[] known = memory.get(name);
        if (known != null) {
            denials.letIn = known[0];
            denials.hosts.or(BitSet.valueOf(Arrays.copyOfRange(known, 1, HEAD)));
            for (int i = HEAD; i < known.length; i += OF_A_DAY) {
                denials.days.add(new Day(known[i], known[i + 1], known[i + 2]));
            }
        }
        return denials;
    }

    /** Keeps what is known; nothing where nothing is. */
    void write(Memory memory, String name) {
        if (isEmpty()) {
            memory.remove(name);
            return;
        }
        long[] numbers = new long[HEAD + OF_A_DAY * days.size()];
        numbers[0] = letIn;
        long[] words = hosts.toLongArray();
        System.arraycopy(words, 0, numbers, 1, words.length);
        int next = HEAD;
        for (Day day : days) {
            numbers[next++] = day.first;
            numbers[next++] = day.last;
            numbers[next++] = day.count;
        }
        memory.put(name, numbers);
    }

    /** Adds denials of a host; moments come in any order. */
    void deny(long moment, int host) {
        hosts.set(host);
        Day one = new Day(moment, moment, 1);
        for (int i = 0; i < days.size(); i++) {
            if (dayOf(days.get(i).first) == dayOf(moment)) {
                days.set(i, days.get(i).and(one));
                return;
            }
        }
        days.add(one);
        days.sort(Comparator.comparingLong(Day::first));
    }

    /** Begins anew: up to this moment the class was let in. */
    void letIn(long moment) {
        letIn = Math.max(letIn, moment);
        days.removeIf(day -> day.last <= moment);
        for (int i = 0; i < days.size(); i++) {
            Day day = days.get(i);
            if (day.first <= moment) {
                // Of the denials in between only the last is known.
                days.set(i, new Day(day.last, day.last, 1));
            }
        }
        if (days.isEmpty()) {
            hosts.clear();
        }
    }

    /** Forgets what is too long ago. */
    void forget(long now) {
        days.removeIf(day -> day.last < now - SPAN);
        if (days.isEmpty()) {
            hosts.clear();
        }
        if (letIn < now - LET_IN_FOR) {
            letIn = NEVER;
        }
    }

    boolean isEmpty() {
        return days.isEmpty() && letIn == NEVER;
    }

    boolean letInSince(long moment) {
        return letIn >= moment;
    }

    long count() {
        return days.stream().mapToLong(Day::count).sum();
    }

    /** Seconds from the first to the last; 0 for none. */
    long spread() {
        return days.isEmpty() ? 0 : days.get(days.size() - 1).last - days.get(0).first;
    }

    /** When the last one was; there has to be one. */
    long last() {
        return days.get(days.size() - 1).last;
    }

    /** Whether the host was one of those denied. */
    boolean denied(int host) {
        return hosts.get(host);
    }

    /**
     * Looks through all of a subject.
     *
     * @param prefix of their names
     * @return when to look again; {@link Long#MAX_VALUE} where nothing is left
     */
    static long forget(Memory memory, String prefix, long now) {
        Map<String, Denials> all = all(memory, prefix);
        all.forEach((name, denials) -> {
            denials.forget(now);
            denials.write(memory, name);
        });
        return all.values().stream().allMatch(Denials::isEmpty) ? Long.MAX_VALUE : now + Detector.DAY;
    }

    /** Forgets the least telling ones of a subject that has too many. */
    static void bound(Memory memory, String prefix) {
        Map<String, Denials> all = all(memory, prefix);
        int beyond = all.size() - MOST;
        if (beyond <= 0) {
            return;
        }
        Comparator<String> leastTelling = Comparator.comparingInt(
                        (String name) -> all.get(name).days.size())
                .thenComparingLong(name -> Cell.mix(Seen.fingerprint(name)));
        all.keySet().stream().sorted(leastTelling).limit(beyond).forEach(memory::remove);
        memory.forgotten(beyond);
    }

    private static Map<String, Denials> all(Memory memory, String prefix) {
        Map<String, Denials> all = new TreeMap<>();
        List<String> names = new ArrayList<>();
        memory.read((name, numbers) -> {
            if (name.startsWith(prefix)) {
                names.add(name);
            }
        });
        names.forEach(name -> all.put(name, read(memory, name)));
        return all;
    }

    private static long dayOf(long moment) {
        return Math.floorDiv(moment, Detector.DAY);
    }
}
