package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.settings.BaselineNeeded;

/**
 * Since when a subject is known to a family that learns, and in how many hours it did anything. Until enough is known,
 * everything about it is new, and nothing is said.
 */
final class Baseline {

    private static final String NAME = "#baseline";
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;

    private Baseline() {}

    /**
     * Notes that the subject did something in a pane; panes come in their order.
     *
     * @param span seconds after which a subject that did nothing is unknown again, forgotten or not
     */
    static void note(Memory memory, long pane, long span) {
        long[] known = memory.get(NAME);
        long hour = Math.floorDiv(pane, HOUR) * HOUR;
        if (known == null || hour - known[1] > span) {
            memory.put(NAME, new long[] {hour, hour, 1});
        } else if (hour > known[1]) {
            memory.put(NAME, new long[] {known[0], hour, known[2] + 1});
        }
    }

    /**
     * Whether enough is known at a moment, in epoch seconds.
     *
     * @param span as in {@link #note}
     */
    static boolean reached(Memory memory, BaselineNeeded needed, long moment, long span) {
        if (needed.days() == 0 && needed.hours() == 0) {
            return true;
        }
        long[] known = memory.get(NAME);
        return known != null
                && moment - known[1] <= span
                && moment - known[0] >= needed.days() * DAY
                && known[2] >= needed.hours();
    }

    /** Epoch seconds from which on the subject is known; {@link Sighting#ANY_DAY} where it is not. */
    static long since(Memory memory) {
        long[] known = memory.get(NAME);
        return known == null ? Sighting.ANY_DAY : known[0];
    }

    /** Whether a name of the memory is the baseline's own. */
    static boolean isName(String name) {
        return name.equals(NAME);
    }

    /** Forgets the subject. */
    static void forget(Memory memory) {
        memory.remove(NAME);
    }
}
