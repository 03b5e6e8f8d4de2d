package io.flowsentinel.parse;

/** Words why a line is quarantined: which field, what it holds, what was expected. */
final class Reason {

    static final String EMPTY_LINE = "empty line";

    /** The whole reason for a line that nothing says how to read. */
    static final String NO_HEADER = "no header";

    /** Longer values are cut in a reason; the line itself is beside it. */
    private static final int MAX_VALUE_CHARS = 64;

    private Reason() {}

    /** Such as {@code dstport 'abc' is not a port from 0 to 65535}. */
    static String isNot(FlowLogField field, String value, String expected) {
        String shown = value.length() <= MAX_VALUE_CHARS ? value : value.substring(0, MAX_VALUE_CHARS) + "...";
        return field.awsName() + " '" + shown + "' is not " + expected;
    }

    /** Such as {@code 12 fields, expected 14}. */
    static String fieldCount(int count, int expected) {
        return count + (count == 1 ? " field" : " fields") + ", expected " + expected;
    }

    static String tooLong(int limit) {
        return "line of " + limit + " bytes or more, longer than any record";
    }
}
