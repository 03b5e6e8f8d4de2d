package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.model.IpAddress;
import java.util.Objects;

/**
 * Of which addresses and interfaces a fact was told lately, and of which time: a fact is none the more so for being told
 * twice, and to remember that it was costs less than to tell it. What falls on a taken place displaces what is there, and
 * is told again.
 */
final class Told {

    private static final int PLACES = 1 << 14;

    private final Object[] subjects = new Object[PLACES];
    private final String[] scopes = new String[PLACES];
    private final long[] times = new long[PLACES];

    /** Whether it is new, and is told now. */
    boolean isNew(String scope, IpAddress address, long time) {
        return isNew(Cell.mix(address.low() ^ Cell.mix(address.high() + time)), scope, address, time);
    }

    /** The same of an interface. */
    boolean isNew(String scope, String interfaceId, long time) {
        return isNew(Cell.mix(interfaceId.hashCode() ^ Cell.mix(time)), scope, interfaceId, time);
    }

    private boolean isNew(long mixed, String scope, Object subject, long time) {
        int place = (int) mixed & PLACES - 1;
        if (times[place] == time && subject.equals(subjects[place]) && Objects.equals(scope, scopes[place])) {
            return false;
        }
        subjects[place] = subject;
        scopes[place] = scope;
        times[place] = time;
        return true;
    }
}
