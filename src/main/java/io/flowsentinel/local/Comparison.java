package io.flowsentinel.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Two runs of which a user wants to know how their findings differ.
 *
 * @param before the feeds of the first
 * @param after the feeds of the second
 * @param names what the two are called
 * @param late what explains differences between a live job and a replay; empty where both have read the same
 */
record Comparison(Feeds before, Feeds after, DiffJson names, Optional<LateFinder> late) {

    /** Looks for what came late, where that is to explain something. */
    @FunctionalInterface
    interface LateFinder {
        LateReasons of(Feeds before, Feeds after) throws IOException;
    }

    /**
     * Shows the differences, and writes them where that is wanted.
     *
     * @param json a file for tools
     */
    void show(ComparedRange range, Console console, Optional<Path> json) throws IOException {
        SortedMap<String, Finding> first = FindingBook.of(before, range);
        SortedMap<String, Finding> second = FindingBook.of(after, range);
        Conditions ofFirst = Conditions.of(first.values());
        Conditions ofSecond = Conditions.of(second.values());
        FindingsDiff diff = FindingsDiff.of(first, second);
        Function<Finding, List<String>> reasons = finding -> List.of();
        if (late.isPresent() && !diff.differences().isEmpty()) {
            reasons = late.get().of(before, after)::of;
        }
        console.line("");
        console.line("From     " + names.before());
        console.line("To       " + names.after());
        ofFirst.against(ofSecond).forEach(console::line);
        new DiffTable(console.terminal()).of(diff, range, reasons).forEach(console::line);
        if (json.isPresent()) {
            names.write(json.get(), new DiffJson.Compared(diff, ofFirst, ofSecond), range, reasons);
        }
    }
}
