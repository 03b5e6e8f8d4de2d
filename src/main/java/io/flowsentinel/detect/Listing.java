package io.flowsentinel.detect;

import java.util.Collection;
import java.util.Comparator;
import java.util.NavigableSet;

/**
 * The first of the things that a number of an alert counts, by name. Only as many are kept as are shown, whatever the
 * number: the first ones of all are the first ones of the first ones, in whatever order they come.
 */
final class Listing {

    /** Numbers in texts by their value: {@code 80} before {@code 443}, {@code 10.0.0.9} before {@code 10.0.0.10}. */
    static final Comparator<String> NATURAL = Listing::compare;

    /** How many are kept, and shown in the context. */
    private static final int MOST = 10;

    /** How many a title names. */
    private static final int MOST_IN_TITLE = 3;

    private Listing() {}

    /** Takes in further names. */
    static void add(NavigableSet<String> known, Collection<String> names) {
        known.addAll(names);
        while (known.size() > MOST) {
            known.pollLast();
        }
    }

    /** {@code S3, DYNAMODB and 3 more}. */
    static String text(Collection<String> names, long number) {
        return text(names, number, MOST);
    }

    /** The same, for a title: fewer. */
    static String inTitle(Collection<String> names, long number) {
        return text(names, number, MOST_IN_TITLE);
    }

    private static String text(Collection<String> names, long number, int most) {
        String first = String.join(", ", names.stream().limit(most).toList());
        long more = Math.max(number, names.size()) - Math.min(most, names.size());
        return more > 0 ? first + " and " + more + " more" : first;
    }

    private static int compare(String one, String other) {
        int i = 0;
        int j = 0;
        while (i < one.length() && j < other.length()) {
            int toI = endOfDigits(one, i);
            int toJ = endOfDigits(other, j);
            int order = toI > i && toJ > j
                    ? compareDigits(one.substring(i, toI), other.substring(j, toJ))
                    : Character.compare(one.charAt(i), other.charAt(j));
            if (order != 0) {
                return order;
            }
            i = Math.max(toI, i + 1);
            j = Math.max(toJ, j + 1);
        }
        int order = Integer.compare(one.length() - i, other.length() - j);
        return order != 0 ? order : one.compareTo(other);
    }

    private static int compareDigits(String one, String other) {
        String left = one.replaceFirst("^0+(?=.)", "");
        String right = other.replaceFirst("^0+(?=.)", "");
        int byLength = Integer.compare(left.length(), right.length());
        return byLength != 0 ? byLength : left.compareTo(right);
    }

    private static int endOfDigits(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }
}
