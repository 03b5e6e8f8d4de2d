package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Memory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * When a subject last did which things, for rules that tell what is new: by name of the thing the last pane it was in.
 * Bounded: beyond {@link #MOST} things the ones unseen longest are forgotten, and may then be told as new again.
 */
final class Seen {

    static final int MOST = 100_000;

    private static final String PREFIX = "=";
    private static final long DAY = 86_400;

    private Seen() {}

    /** Notes a thing in a pane; panes may come in any order. */
    static void note(Memory memory, String thing, long pane) {
        long[] known = memory.get(PREFIX + thing);
        if (known == null || known[0] < pane) {
            memory.put(PREFIX + thing, new long[] {pane});
        }
    }

    /** Whether the thing was in a pane at or after this moment, in epoch seconds. */
    static boolean since(Memory memory, String thing, long moment) {
        long[] known = memory.get(PREFIX + thing);
        return known != null && known[0] >= moment;
    }

    /** A number for distinct counts of things that are texts: FNV-1a. */
    static long fingerprint(String thing) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < thing.length(); i++) {
            hash = (hash ^ thing.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The same of several. */
    static Set<Long> fingerprints(Collection<String> things) {
        Set<Long> fingerprints = new HashSet<>();
        things.forEach(thing -> fingerprints.add(fingerprint(thing)));
        return fingerprints;
    }

    /**
     * Forgets things, and with the last one the baseline.
     *
     * @param moment epoch seconds; what was last seen before is forgotten
     * @return when to look again; {@link Long#MAX_VALUE} where nothing is left
     */
    static long forgetBefore(Memory memory, long moment, long now) {
        List<String> old = new ArrayList<>();
        List<Long> kept = new ArrayList<>();
        memory.read((name, numbers) -> {
            if (name.startsWith(PREFIX)) {
                if (numbers[0] < moment) {
                    old.add(name);
                } else {
                    kept.add(numbers[0]);
                }
            }
        });
        old.forEach(memory::remove);
        if (kept.size() > MOST) {
            kept.sort(null);
            long from = kept.get(kept.size() - MOST) + 1;
            memory.forgotten(kept.stream().filter(last -> last < from).count());
            return forgetBefore(memory, from, now);
        }
        if (kept.isEmpty()) {
            Baseline.forget(memory);
            return Long.MAX_VALUE;
        }
        return now + DAY;
    }
}
