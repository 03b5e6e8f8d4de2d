package io.flowsentinel.detect.judging;

import java.util.Map;

/** Puts an episode's numbers into a title. Every number in the title is one of the alert's numbers. */
public interface Wording {

    /** In front of the name of what is listed: the first few, for the title. */
    String NAMES = "names of ";

    /**
     * One line for an analyst.
     *
     * @param fields key fields of the entity, texts of the context and names of what is listed, by name
     * @param numbers the alert's numbers by name
     */
    String title(Map<String, String> fields, Map<String, Long> numbers);

    /** {@code  (TCP 25, TCP 8443 and 3 more)}: what is listed under a name; empty where nothing is. */
    static String named(Map<String, String> fields, String name) {
        String names = fields.get(NAMES + name);
        return names == null ? "" : " (" + names + ")";
    }

    /** {@code 1 port}, {@code 31 ports}. */
    static String counted(long number, String singular) {
        return number + " " + singular + (number == 1 ? "" : "s");
    }
}
