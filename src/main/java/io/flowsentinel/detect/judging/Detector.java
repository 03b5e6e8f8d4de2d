package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.settings.RuleSettings;
import it.unimi.dsi.fastutil.longs.LongList;
import java.util.List;

/**
 * Says where one rule's condition holds. No Flink, no clock, nothing kept in the object: what it needs is in the window
 * and in what it has learned before.
 */
public interface Detector {

    /** Seconds. */
    long DAY = 86_400;

    /** The rule as it is in force; it may be off. */
    RuleSettings rule();

    /**
     * The fewest counted connections with which the condition can hold; 0 for a rule that also speaks where nothing
     * counts: it is asked about every pane that is judged, those at which its memory is due among them.
     */
    double least();

    /**
     * Whether the condition cannot hold yet, whatever counts and whoever it was: so it is with nearly every subject, which
     * is not looked at then.
     *
     * @param weight what all that counts weighs together, see {@link Family#weight}
     * @param remembers whether there may be something in the memory
     */
    default boolean tooFew(long weight, boolean remembers) {
        return weight < least();
    }

    /**
     * Whether the condition can hold only where something counts in the last pane. Other panes are passed over: judging one
     * must leave nothing in the memory, and nothing may be learned. What counts has to weigh something.
     */
    default boolean speaksOnlyOfWhatCounts() {
        return false;
    }

    /** What {@link #mayHold} goes by, before all there is of a window is read; null where it says nothing. */
    default Glance glance() {
        return null;
    }

    /**
     * Whether the condition can hold, by a glance alone.
     *
     * @param seen of all that counts in a window, in no order
     * @param from start of the window, in epoch seconds
     * @param to its end, likewise
     */
    default boolean mayHold(LongList seen, long from, long to) {
        return true;
    }

    /** One sighting per entity for which the condition holds at the window's end, in a fixed order. */
    List<Sighting> judge(Window window, Memory memory);

    /** What an alert about an episode of this rule says, in words. */
    Wording wording();

    /** Whether it keeps anything in the memory. */
    default boolean remembers() {
        return learns();
    }

    /** Whether {@link #learn} does anything. */
    default boolean learns() {
        return false;
    }

    /**
     * Whether judging or learning leaves anything in a memory with nothing in it.
     *
     * @param weight what all that counts in the panes it learns from weighs together
     */
    default boolean teaches(long weight) {
        return remembers();
    }

    /**
     * Learns from a pane that no window of the family reaches any more.
     *
     * @param pane epoch seconds of its start
     * @param tallies what counted in it, sorted
     */
    default void learn(long pane, List<PaneTally> tallies, Memory memory) {}

    /** How many seconds after it last learned {@link #forget} is asked at the latest. */
    default long rest() {
        return DAY;
    }

    /**
     * Forgets what was learned too long ago.
     *
     * @param time epoch seconds of event time
     * @return when to be asked again, at the next pane at the earliest; {@link Long#MAX_VALUE} where nothing is
     *     remembered
     */
    default long forget(Memory memory, long time) {
        return Long.MAX_VALUE;
    }
}
