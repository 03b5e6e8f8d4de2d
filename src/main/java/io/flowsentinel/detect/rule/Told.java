package io.flowsentinel.detect.rule;

import io.flowsentinel.model.IpAddress;

/**
 * Of whom a fact was told lately, and at which of the last times: a fact is none the more so for being told twice, and to
 * remember that it was costs less than to tell it. Times are counted: minutes, hours, or whatever the caller's are. Of more
 * than {@link Whom#MOST} all are forgotten, and told again.
 */
final class Told {

    /** Of each: the newest time, and a bit of that time and each before it at which it was told. */
    private static final int NEWEST = 0;

    private static final int BITS = 1;

    private final Whom whom = new Whom();

    /** Whether it is new of an address, and is told now. */
    boolean isNew(String scope, IpAddress address, long time) {
        return isNew(whom.numberOf(scope, address), time);
    }

    /** The same of an interface. */
    boolean isNew(String scope, String interfaceId, long time) {
        return isNew(whom.numberOf(scope, interfaceId, interfaceId.hashCode()), time);
    }

    /** Whether it is new of who has this number. Of times that are 64 and more apart the last that was asked for is known. */
    private boolean isNew(int number, long time) {
        long ahead = time - whom.get(number, NEWEST);
        long bits = whom.get(number, BITS);
        if (bits == 0 || ahead <= -Long.SIZE || ahead >= Long.SIZE) {
            whom.set(number, NEWEST, time);
            whom.set(number, BITS, 1);
            return true;
        }
        if (ahead > 0) {
            whom.set(number, NEWEST, time);
            whom.set(number, BITS, bits << ahead | 1);
            return true;
        }
        long bit = 1L << -ahead;
        whom.set(number, BITS, bits | bit);
        return (bits & bit) == 0;
    }
}
