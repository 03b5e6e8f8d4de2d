package io.flowsentinel.detect;

import java.util.Map;

/** Puts an episode's numbers into a title. Every number in the title is one of the alert's numbers. */
interface Wording {

    /**
     * One line for an analyst.
     *
     * @param fields key fields of the entity and texts of the context, by name
     * @param numbers the alert's numbers by name
     */
    String title(Map<String, String> fields, Map<String, Long> numbers);

    /** {@code 1 port}, {@code 31 ports}. */
    static String counted(long number, String singular) {
        return number + " " + singular + (number == 1 ? "" : "s");
    }
}
