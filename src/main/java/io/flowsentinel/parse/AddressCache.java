package io.flowsentinel.parse;

import io.flowsentinel.model.IpAddress;

/**
 * Reads addresses and hands out the same instance for one that came lately: a few thousand addresses make most of a
 * log. Bounded; equal addresses may still be two instances. One thread.
 */
final class AddressCache {

    private static final int PLACES_BITS = 13;
    private static final int GOLDEN_RATIO = 0x9E3779B1;

    /** What stands at the place in {@link #ipv4}: an address that is another one need not be looked at. */
    private final int[] ipv4Bits = new int[1 << PLACES_BITS];

    private final IpAddress[] ipv4 = new IpAddress[1 << PLACES_BITS];
    private final IpAddress[] ipv6 = new IpAddress[1 << PLACES_BITS];
    private final Ipv6Text ipv6Text = new Ipv6Text();
    private boolean lastIsIpv6;

    /** The address in this field; null where it is none. */
    IpAddress read(Tokens tokens, int column) {
        int from = tokens.start(column);
        int to = tokens.end(column);
        long bits = Ipv4Text.read(tokens.buffer(), from, to);
        lastIsIpv6 = bits == Ipv4Text.INVALID;
        if (!lastIsIpv6) {
            return ipv4((int) bits);
        }
        return ipv6Text.read(tokens.buffer(), from, to) ? ipv6(ipv6Text.high(), ipv6Text.low()) : null;
    }

    /** Whether the address last read is an IPv6 address: known without a look at it, which may have to come from far. */
    boolean lastIsIpv6() {
        return lastIsIpv6;
    }

    private IpAddress ipv4(int bits) {
        int place = place(bits);
        IpAddress known = ipv4Bits[place] == bits ? ipv4[place] : null;
        if (known != null) {
            return known;
        }
        ipv4Bits[place] = bits;
        return ipv4[place] = IpAddress.ipv4(bits);
    }

    private IpAddress ipv6(long high, long low) {
        int place = place(Long.hashCode(high) * 31 + Long.hashCode(low));
        IpAddress known = ipv6[place];
        if (known != null && known.low() == low && known.high() == high) {
            return known;
        }
        return ipv6[place] = IpAddress.ipv6(high, low);
    }

    private static int place(int hash) {
        return hash * GOLDEN_RATIO >>> Integer.SIZE - PLACES_BITS;
    }
}
