package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.model.IpAddress;
import java.util.Objects;

/**
 * Of which addresses a fact was told lately, and of which time: a fact is none the more so for being told twice, and to
 * remember that it was costs less than to tell it. What falls on a taken place displaces what is there, and is told again.
 */
final class Told {

    private static final int PLACES = 1 << 14;

    private final IpAddress[] addresses = new IpAddress[PLACES];
    private final String[] scopes = new String[PLACES];
    private final long[] times = new long[PLACES];

    /** Whether it is new, and is told now. */
    boolean isNew(String scope, IpAddress address, long time) {
        int place = (int) Cell.mix(address.low() ^ Cell.mix(address.high() + time)) & PLACES - 1;
        if (times[place] == time && address.equals(addresses[place]) && Objects.equals(scope, scopes[place])) {
            return false;
        }
        addresses[place] = address;
        scopes[place] = scope;
        times[place] = time;
        return true;
    }
}
