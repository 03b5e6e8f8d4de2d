package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.model.IpAddress;
import java.util.Arrays;

/**
 * Of whom a fact was told lately, and at which of the last times: a fact is none the more so for being told twice, and to
 * remember that it was costs less than to tell it. Times are counted: minutes, hours, or whatever the caller's are. Of more
 * than {@link #MOST} all are forgotten, and told again.
 *
 * <p>Asked for every record, in no order, so it takes as little of a processor's cache as can be: whom it is about is looked
 * at only where hashes are equal, and mostly is the same instance then.
 */
final class Told {

    static final int MOST = 1 << 16;

    private static final int FEW = 64;

    /** Of each: the whole hash, the newest time, and a bit of that time and each before it at which it was told. */
    private static final int HASH = 0;

    private static final int NEWEST = 1;
    private static final int BITS = 2;
    private static final int FIELDS = 4;

    /** By hash, or the next free place: its number and one more; 0 for nobody. Never more than half full. */
    private int[] numbers = new int[2 * FEW];

    /** By number, all fields of one after the other. */
    private long[] known = new long[FEW * FIELDS];

    /** By number, the two things that together say whom it is about. */
    private Object[] whom = new Object[FEW * 2];

    private int size;

    /** Whether it is new of an address, and is told now. */
    boolean isNew(String scope, IpAddress address, long time) {
        return isNew(numberOf(scope, address, address.low() ^ Long.rotateLeft(address.high(), 1)), time);
    }

    /** The same of an interface. */
    boolean isNew(String scope, String interfaceId, long time) {
        return isNew(numberOf(scope, interfaceId, interfaceId.hashCode()), time);
    }

    /** Whether it is new of who has this number. Of times that are 64 and more apart the last that was asked for is known. */
    boolean isNew(int number, long time) {
        int at = number * FIELDS;
        long ahead = time - known[at + NEWEST];
        long bits = known[at + BITS];
        if (bits == 0 || ahead <= -Long.SIZE || ahead >= Long.SIZE) {
            known[at + NEWEST] = time;
            known[at + BITS] = 1;
            return true;
        }
        if (ahead > 0) {
            known[at + NEWEST] = time;
            known[at + BITS] = bits << ahead | 1;
            return true;
        }
        long bit = 1L << -ahead;
        known[at + BITS] = bits | bit;
        return (bits & bit) == 0;
    }

    /**
     * The number of whom it is about, below {@link #MOST}. It is somebody else's once all are forgotten.
     *
     * @param one may be null
     * @param other never null
     * @param hash of both, or of that which mostly tells them apart
     */
    int numberOf(Object one, Object other, long hash) {
        long mixed = Cell.mix(hash);
        int mask = numbers.length - 1;
        int place = (int) mixed & mask;
        while (numbers[place] != 0) {
            int number = numbers[place] - 1;
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
        Object theOne = whom[number * 2];
        Object theOther = whom[number * 2 + 1];
        return (theOther == other || theOther.equals(other)) && (theOne == one || theOne != null && theOne.equals(one));
    }

    private int add(Object one, Object other, long mixed) {
        if (size == MOST) {
            size = 0;
            Arrays.fill(numbers, 0);
        } else if (size * 2 == whom.length) {
            known = Arrays.copyOf(known, 2 * known.length);
            whom = Arrays.copyOf(whom, 2 * whom.length);
            numbers = new int[2 * numbers.length];
            for (int number = 0; number < size; number++) {
                place(number);
            }
        }
        int number = size++;
        known[number * FIELDS + HASH] = mixed;
        known[number * FIELDS + BITS] = 0;
        whom[number * 2] = one;
        whom[number * 2 + 1] = other;
        place(number);
        return number;
    }

    private void place(int number) {
        int mask = numbers.length - 1;
        int place = (int) known[number * FIELDS + HASH] & mask;
        while (numbers[place] != 0) {
            place = place + 1 & mask;
        }
        numbers[place] = number + 1;
    }
}
