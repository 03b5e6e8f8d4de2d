package io.flowsentinel.detect;

import java.util.ArrayList;
import java.util.List;

/** What crosses the key exchange, one by one. */
public final class Blocks {

    private Blocks() {}

    public static List<Partial> open(List<PartialBlock> blocks) {
        List<Partial> partials = new ArrayList<>();
        blocks.forEach(block -> block.forEach(partials::add));
        return partials;
    }

    public static PartialBlock of(Partial partial) {
        List<PartialBlock> blocks = new ArrayList<>();
        PackedMarks marks = PackedMarks.ofAddedUp(blocks::add);
        for (boolean fact : new boolean[] {false, true}) {
            partial.page()
                    .cells(fact)
                    .forEach((cell, tally) -> marks.add(partial.part(), Long.MAX_VALUE, fact, cell, tally));
        }
        marks.send();
        return blocks.get(0);
    }
}
