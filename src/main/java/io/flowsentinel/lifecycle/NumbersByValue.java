package io.flowsentinel.lifecycle;

import java.util.Arrays;

/**
 * Finds the number of a value, given the values by number, by which instance it is: nothing of the value is looked at. A
 * table of numbers with open places. A number that has another value by now, or none, is passed over, so numbers need not
 * be taken out.
 */
final class NumbersByValue {

    static final int NONE = -1;

    private static final int GOLDEN_RATIO = 0x9E3779B1;
    private static final int LEAST_PLACES = 64;

    /** One more than a number, 0 where the place is open. More than half of them are. */
    private int[] table = new int[LEAST_PLACES];

    private int entries;

    /** Forgets everything, and makes room for so many numbers. */
    void clear(int expected) {
        int places = places(expected);
        if (table.length == places) {
            Arrays.fill(table, 0);
        } else {
            table = new int[places];
        }
        entries = 0;
    }

    /** Half as many again as at least needed, as a power of two. */
    private static int places(int expected) {
        return Math.max(LEAST_PLACES, Integer.highestOneBit(expected * 3) * 2);
    }

    /** The number of this instance; {@link #NONE} where it has none. */
    int find(Object value, Object[] values) {
        int place = place(value);
        while (table[place] != 0) {
            int number = table[place] - 1;
            if (values[number] == value) {
                return number;
            }
            place = place + 1 & table.length - 1;
        }
        return NONE;
    }

    /** Adds the number of a value that is not found. */
    void put(int number, Object[] values) {
        if ((entries + 1) * 2 > table.length) {
            enlarge(values);
        }
        int place = place(values[number]);
        while (table[place] != 0) {
            place = place + 1 & table.length - 1;
        }
        table[place] = number + 1;
        entries++;
    }

    private void enlarge(Object[] values) {
        int[] before = table;
        table = new int[before.length * 2];
        entries = 0;
        for (int entry : before) {
            if (entry != 0 && values[entry - 1] != null && find(values[entry - 1], values) == NONE) {
                put(entry - 1, values);
            }
        }
    }

    private int place(Object value) {
        return System.identityHashCode(value) * GOLDEN_RATIO >>> Integer.numberOfLeadingZeros(table.length - 1);
    }
}
