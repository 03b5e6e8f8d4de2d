package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.judging.Sighting.PaneTally;
import java.util.List;
import java.util.function.Function;

/**
 * The one thing of a finding an analyst asks for first, which is kept whatever else there is: it is in the evidence, and a
 * text of the context says which it is.
 *
 * @param weight of several the one that weighs most is kept
 * @param sample the thing
 * @param name of the text
 * @param text such as the id of a connection
 */
public record Notable(long weight, Sample sample, String name, String text) {

    /** The weightier of two, of equally weighty ones the earlier; either may be null. */
    public static Notable of(Notable one, Notable other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        if (one.weight != other.weight) {
            return one.weight > other.weight ? one : other;
        }
        return Sample.BY_START.compare(one.sample, other.sample) <= 0 ? one : other;
    }

    /**
     * The heaviest of what tallies have weighed; null where they have weighed nothing.
     *
     * @param text of the heaviest of a tally
     */
    public static Notable heaviest(List<PaneTally> tallies, String name, Function<PaneTally, String> text) {
        Notable heaviest = null;
        for (PaneTally entry : tallies) {
            Tally tally = entry.tally();
            if (tally.heaviest() != null) {
                heaviest = of(heaviest, new Notable(tally.weight(), tally.heaviest(), name, text.apply(entry)));
            }
        }
        return heaviest;
    }
}
