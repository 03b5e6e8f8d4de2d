package io.flowsentinel.detect;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts an episode's numbers into a title. Every number in the title is one of the alert's numbers. */
interface Wording {

    /** How many things a text names. */
    int MOST_LISTED = 10;

    /**
     * One line for an analyst.
     *
     * @param fields key fields of the entity and texts of the context, by name
     * @param numbers the alert's numbers by name
     */
    String title(Map<String, String> fields, Map<String, Long> numbers);

    /** {@code S3, DYNAMODB and 3 more}: the first ten of what is sorted already. */
    static String listed(Collection<String> texts) {
        int more = texts.size() - MOST_LISTED;
        String first = texts.stream().limit(MOST_LISTED).collect(Collectors.joining(", "));
        return more > 0 ? first + " and " + more + " more" : first;
    }

    /** {@code 1 port}, {@code 31 ports}. */
    static String counted(long number, String singular) {
        return number + " " + singular + (number == 1 ? "" : "s");
    }
}
