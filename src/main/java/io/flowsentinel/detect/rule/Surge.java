package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.model.Alert.Anomaly;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells what lasts from one bad pane, and what is unusual from what is always so: remembers the average rate of a
 * subject, and whether a rule's condition held in the pane before.
 *
 * <p>What allow-lists cover is not in the average: else a load test would hide a flood.
 */
final class Surge {

    /** After a day without a pane nothing is left of the average. */
    private static final long DAY = 86_400;

    private static final double MINUTE = 60;
    private static final String USUAL = " usual";
    private static final String OVER = " over";

    private final String ruleId;
    private final Window window;
    private final Memory memory;
    private final Ewma usual;

    /** Of a pane in which something counts; every such pane has to be asked about, in their order. */
    Surge(String ruleId, Window window, Memory memory) {
        this.ruleId = ruleId;
        this.window = window;
        this.memory = memory;
        Ewma known = Ewma.read(memory, ruleId + USUAL, window.pane());
        this.usual = window.pane() - known.next() >= DAY
                ? Ewma.unseen(window.pane())
                : known.restedUntil(window.pane(), window.paneLength());
    }

    /** How many a minute there are on average, this pane not in it; 0 for a subject never seen. */
    double usual() {
        return usual.value();
    }

    double perMinute(long count) {
        return count * MINUTE / window.paneLength();
    }

    /** What was seen against what is usual. */
    Anomaly anomaly(String parameter, double rate) {
        return new Anomaly(
                parameter,
                String.format(Locale.ROOT, "%.1f a minute", rate),
                String.format(Locale.ROOT, "%.1f a minute", usual.value()));
    }

    /** How many of one kind there are. */
    static long count(List<PaneTally> tallies, String side) {
        long count = 0;
        for (PaneTally entry : tallies) {
            count += entry.cell().side().equals(side) ? entry.tally().count() : 0;
        }
        return count;
    }

    /**
     * Remembers the pane. It is taken into the average unless the condition holds.
     *
     * @param over what there is to say of this pane alone
     * @param side of the cells whose rate it is about
     * @return what there is to say because it held in the pane before as well
     */
    List<Sighting> lasting(Optional<Sighting> over, String side) {
        boolean accuses = over.isPresent() && over.get().allowedBy() == null;
        boolean lasts = over.isPresent() && heldBefore(accuses);
        Ewma after = accuses
                ? usual.frozen(window.pane(), window.paneLength())
                : usual.plus(perMinute(uncovered(side)), window.pane(), window.paneLength());
        after.write(memory, ruleId + USUAL);
        if (over.isPresent()) {
            memory.put(ruleId + OVER, new long[] {window.pane(), accuses ? 1 : 0});
        }
        return lasts ? List.of(over.get()) : List.of();
    }

    /** Forgets the subject once nothing is left of its average. */
    static long forget(String ruleId, Memory memory, long time) {
        long[] known = memory.get(ruleId + USUAL);
        if (known == null) {
            return Long.MAX_VALUE;
        }
        long forgotten = known[1] + DAY;
        if (forgotten > time) {
            return forgotten;
        }
        memory.remove(ruleId + USUAL);
        memory.remove(ruleId + OVER);
        return Long.MAX_VALUE;
    }

    private boolean heldBefore(boolean accuses) {
        long[] held = memory.get(ruleId + OVER);
        return held != null && held[0] == window.pane() - window.paneLength() && (held[1] == 1 || !accuses);
    }

    private long uncovered(String side) {
        return count(
                window.tallies().stream()
                        .filter(entry -> !entry.cell().allowedBy().containsKey(ruleId))
                        .toList(),
                side);
    }
}
