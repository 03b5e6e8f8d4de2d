package io.flowsentinel.detect;

import io.flowsentinel.model.IpAddress;
import java.util.Map;
import java.util.Objects;

/**
 * What a pane counts once: a peer's port under one protocol. Contributions that an allow-list covers are kept apart
 * from those it does not.
 *
 * @param address the other side, as seen from the key; null where the group does not tell peers apart
 * @param port the service port; 0 for protocols without ports
 * @param protocol IANA protocol number
 * @param side see {@link Contribution#side}
 * @param allowedBy see {@link Contribution#allowedBy}
 */
record Cell(IpAddress address, int port, int protocol, String side, Map<String, String> allowedBy) {

    /** A number for distinct counts over a long episode: exact for IPv4, 64 mixed bits for IPv6. */
    long fingerprint() {
        return fingerprint(address, port, protocol);
    }

    static long fingerprint(IpAddress address, int port, int protocol) {
        long service = (long) protocol << 16 | port;
        if (address == null) {
            return service;
        }
        return address.ipv6()
                ? mix(mix(mix(address.high()) ^ address.low()) ^ service) | Long.MIN_VALUE
                : (long) protocol << 48 | address.low() << 16 | port;
    }

    /** Mixed well: a scanner's cells are neighbours, and sums of neighbours collide. */
    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(mix(fingerprint())) + Objects.hashCode(side)) + allowedBy.hashCode();
    }

    /** Equal in every component. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Cell that
                && port == that.port
                && protocol == that.protocol
                && Objects.equals(address, that.address)
                && Objects.equals(side, that.side)
                && allowedBy.equals(that.allowedBy);
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
