package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.model.IpAddress;
import java.util.Arrays;

/**
 * Numbers those who come again and again, with a few numbers of the caller's beside each. Of more than {@link #MOST} all are
 * forgotten.
 *
 * <p>Asked for every record, in no order, so it takes as little of a processor's cache as can be: who it is is looked at only
 * where hashes are equal, and mostly is the same instance then.
 */
final class Whom {

    static final int MOST = 1 << 16;

    private static final int FEW = 64;

    /** Of each the whole hash; behind it the caller's, so that all of it comes with one look into memory. */
    private static final int HASH = 0;

    private static final int NUMBERS = 1;
    private static final int FIELDS = 4;

    /** By hash, or the next free place: its number and one more; 0 for nobody. Never more than half full. */
    private int[] places = new int[2 * FEW];

    /** By number, all fields of one after the other. */
    private long[] known = new long[FEW * FIELDS];

    /** By number, the two things that together say who it is. */
    private Object[] who = new Object[FEW * 2];

    private int size;

    /** The number of an address in a scope, which may be null. */
    int numberOf(String scope, IpAddress address) {
        return numberOf(scope, address, address.low() ^ Long.rotateLeft(address.high(), 1));
    }

    /**
     * The number of one, below {@link #MOST}. It is somebody else's once all are forgotten.
     *
     * @param one may be null
     * @param other never null
     * @param hash of both, or of that which mostly tells them apart
     */
    int numberOf(Object one, Object other, long hash) {
        long mixed = Cell.mix(hash);
        int mask = places.length - 1;
        int place = (int) mixed & mask;
        while (places[place] != 0) {
            int number = places[place] - 1;
            if (is(number, one, other, mixed)) {
                return number;
            }
            place = place + 1 & mask;
        }
        return add(one, other, mixed);
    }

    private boolean is(int number, Object one, Object other, long mixed) {
        if (known[number * FIELDS + HASH] != mixed) {
            return false;
        }
        Object theOne = who[number * 2];
        Object theOther = who[number * 2 + 1];
        return (theOther == other || theOther.equals(other)) && (theOne == one || theOne != null && theOne.equals(one));
    }

    private int add(Object one, Object other, long mixed) {
        if (size == MOST) {
            forgetAll();
        } else if (size * 2 == who.length) {
            known = Arrays.copyOf(known, 2 * known.length);
            who = Arrays.copyOf(who, 2 * who.length);
            places = new int[2 * places.length];
            for (int number = 0; number < size; number++) {
                place(number);
            }
        }
        int number = size++;
        Arrays.fill(known, number * FIELDS, (number + 1) * FIELDS, 0);
        known[number * FIELDS + HASH] = mixed;
        who[number * 2] = one;
        who[number * 2 + 1] = other;
        place(number);
        return number;
    }

    private void place(int number) {
        int mask = places.length - 1;
        int place = (int) known[number * FIELDS + HASH] & mask;
        while (places[place] != 0) {
            place = place + 1 & mask;
        }
        places[place] = number + 1;
    }

    /** How many there are; their numbers are those below. */
    int size() {
        return size;
    }

    Object one(int number) {
        return who[number * 2];
    }

    Object other(int number) {
        return who[number * 2 + 1];
    }

    /**
     * One of the caller's numbers; 0 of whom is new.
     *
     * @param nth from 0 to 2
     */
    long get(int number, int nth) {
        return known[number * FIELDS + NUMBERS + nth];
    }

    void set(int number, int nth, long value) {
        known[number * FIELDS + NUMBERS + nth] = value;
    }

    void forgetAll() {
        size = 0;
        Arrays.fill(places, 0);
    }
}
