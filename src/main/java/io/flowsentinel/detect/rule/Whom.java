package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Numbers those who come again and again, with a few numbers of the caller's beside each. Of more than {@link #MOST} all are
 * forgotten. A number is good until somebody else is asked for.
 *
 * <p>Asked for every record, in no order, so it looks into memory as seldom as can be: all there is of somebody is in one
 * place, an IPv4 address is known by its key alone, and who else it is is looked at only where keys are equal.
 */
final class Whom {

    static final int MOST = 1 << 16;

    /** A power of two. */
    private static final int FEW = 128;

    /** Of each: the key, and behind it the caller's numbers. */
    private static final int KEY = 0;

    private static final int NUMBERS = 1;

    /** Of the caller's beside each. */
    static final int MOST_NUMBERS = 3;

    private static final int FIELDS = NUMBERS + MOST_NUMBERS;

    /** The key of nobody. */
    private static final long FREE = 0;

    // The key of an IPv4 address is all of it, with its port in front where there is one, and in front of that the
    // time.

    private static final int PORT_AT = Integer.SIZE;
    private static final long ADDRESS = 1L << 48;
    private static final long ENDPOINT = 1L << 49;
    private static final int TIME_AT = 50;
    private static final long TIMES = (1L << 63 - TIME_AT) - 1;

    /** In the key of all others, which is a hash. */
    private static final long HASH = Long.MIN_VALUE;

    /** By number, all fields of one after the other: where the key says, or in the next free place. Never more than half full. */
    private long[] known = new long[FEW * FIELDS];

    /** By number, the two things that together say who it is. */
    private Object[] who = new Object[FEW * 2];

    private int size;

    /** The number of an address in a scope, which may be null. */
    int numberOf(String scope, IpAddress address) {
        return numberOf(scope, address, 0);
    }

    /** The same at a time; of times that are 8,192 and more apart those that differ by a multiple of it are one. */
    int numberOf(String scope, IpAddress address, long time) {
        return address.ipv6()
                ? numberOf((Object) scope, address, hash(address) + time)
                : numberOfKey(scope, address, ADDRESS | (time & TIMES) << TIME_AT | address.low());
    }

    /** The same of an address and a port. */
    int numberOf(String scope, Endpoint endpoint, long time) {
        IpAddress address = endpoint.address();
        long port = (long) endpoint.port() << PORT_AT;
        return address.ipv6()
                ? numberOf((Object) scope, endpoint, hash(address) + time + port)
                : numberOfKey(scope, endpoint, ENDPOINT | (time & TIMES) << TIME_AT | port | address.low());
    }

    private static long hash(IpAddress address) {
        return address.low() ^ Long.rotateLeft(address.high(), 1);
    }

    /**
     * The number of one.
     *
     * @param one may be null
     * @param other never null
     * @param hash of both, or of that which mostly tells them apart
     */
    int numberOf(Object one, Object other, long hash) {
        return numberOfKey(one, other, HASH | Cell.mix(hash));
    }

    private int numberOfKey(Object one, Object other, long key) {
        int number = place(key);
        while (known[number * FIELDS + KEY] != FREE) {
            if (known[number * FIELDS + KEY] == key && is(number, one, other, key)) {
                return number;
            }
            number = next(number);
        }
        return add(one, other, key);
    }

    private boolean is(int number, Object one, Object other, long key) {
        Object theOne = who[number * 2];
        if (theOne != one && (theOne == null || !theOne.equals(one))) {
            return false;
        }
        Object theOther = who[number * 2 + 1];
        return (key & HASH) == 0 || theOther == other || theOther.equals(other);
    }

    private int add(Object one, Object other, long key) {
        if (size == MOST) {
            forgetAll();
        } else if (size * 2 * FIELDS == known.length) {
            grow();
        }
        size++;
        int number = free(key);
        Arrays.fill(known, number * FIELDS, (number + 1) * FIELDS, 0);
        known[number * FIELDS + KEY] = key;
        who[number * 2] = one;
        who[number * 2 + 1] = other;
        return number;
    }

    private void grow() {
        long[] formerlyKnown = known;
        Object[] formerly = who;
        known = new long[2 * formerlyKnown.length];
        who = new Object[2 * formerly.length];
        for (int number = 0; number < formerly.length / 2; number++) {
            long key = formerlyKnown[number * FIELDS + KEY];
            if (key != FREE) {
                int place = free(key);
                System.arraycopy(formerlyKnown, number * FIELDS, known, place * FIELDS, FIELDS);
                who[place * 2] = formerly[number * 2];
                who[place * 2 + 1] = formerly[number * 2 + 1];
            }
        }
    }

    private int free(long key) {
        int number = place(key);
        while (known[number * FIELDS + KEY] != FREE) {
            number = next(number);
        }
        return number;
    }

    private int place(long key) {
        return (int) Cell.mix(key) & who.length / 2 - 1;
    }

    private int next(int number) {
        return number + 1 & who.length / 2 - 1;
    }

    /** How many there are. */
    int size() {
        return size;
    }

    /** Gives out the number of each; nobody may be asked for meanwhile. */
    void forEach(IntConsumer numbers) {
        for (int number = 0; number < who.length / 2; number++) {
            if (known[number * FIELDS + KEY] != FREE) {
                numbers.accept(number);
            }
        }
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
     * @param nth less than {@link #MOST_NUMBERS}
     */
    long get(int number, int nth) {
        return known[number * FIELDS + NUMBERS + nth];
    }

    void set(int number, int nth, long value) {
        known[number * FIELDS + NUMBERS + nth] = value;
    }

    void forgetAll() {
        size = 0;
        Arrays.fill(known, 0);
        Arrays.fill(who, null);
    }
}
