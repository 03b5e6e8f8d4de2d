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
        return isNew(whom.numberOf(scope, address), time, 1);
    }

    /** The same of an interface. */
    boolean isNew(String scope, String interfaceId, long time) {
        return isFirst(scope, interfaceId, time, 1);
    }

    /**
     * Whether an interface was not told of yet in those times that go together, up to this one: then it is told now.
     *
     * @param together how many times go together, from a multiple of this number on; from 1 to 63
     */
    boolean isFirst(String scope, String interfaceId, long time, int together) {
        return isNew(whom.numberOf(scope, interfaceId, interfaceId.hashCode()), time, together);
    }

    /** Whether it is new of who has this number. Of times that are 64 and more apart the last that was asked for is known. */
    private boolean isNew(int number, long time, int together) {
        long newest = whom.get(number, NEWEST);
        long bits = whom.get(number, BITS);
        long ahead = time - newest;
        if (bits == 0 || ahead <= -Long.SIZE || ahead >= Long.SIZE) {
            tell(number, time, 1);
            return true;
        }
        long upToNow = ahead > 0 ? bits << ahead : bits >>> -ahead;
        long before = Math.floorMod(time, (long) together);
        if ((upToNow & (2L << before) - 1) != 0) {
            return false;
        }
        if (ahead > 0) {
            tell(number, time, upToNow | 1);
        } else {
            tell(number, newest, bits | 1L << -ahead);
        }
        return true;
    }

    private void tell(int number, long newest, long bits) {
        whom.set(number, NEWEST, newest);
        whom.set(number, BITS, bits);
    }
}
