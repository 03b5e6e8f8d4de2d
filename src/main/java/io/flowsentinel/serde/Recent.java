package io.flowsentinel.serde;

import io.flowsentinel.model.IpAddress;

/**
 * Instances of small things that come again and again, so that most of them are in memory once and equal at first sight. What falls on a taken
 * place displaces what is there. Shared by all threads without a lock: they are immutable, and at worst one of two is lost.
 */
public final class Recent {

    private static final int ADDRESS_BITS = 16;
    private static final int TEXT_BITS = 13;
    private static final int GOLDEN_RATIO = 0x9E3779B1;

    private static final IpAddress[] ADDRESSES = new IpAddress[1 << ADDRESS_BITS];
    private static final String[] TEXTS = new String[1 << TEXT_BITS];

    private Recent() {}

    /** The IPv4 address of these bits. */
    static IpAddress ipv4(int bits) {
        int place = bits * GOLDEN_RATIO >>> Integer.SIZE - ADDRESS_BITS;
        IpAddress known = ADDRESSES[place];
        if (known != null && (int) known.low() == bits) {
            return known;
        }
        IpAddress address = IpAddress.ipv4(bits);
        ADDRESSES[place] = address;
        return address;
    }

    /** An equal address. */
    public static IpAddress address(IpAddress address) {
        return address.ipv6() ? address : ipv4((int) address.low());
    }

    /** An equal text. */
    static String text(String text) {
        int place = text.hashCode() * GOLDEN_RATIO >>> Integer.SIZE - TEXT_BITS;
        String known = TEXTS[place];
        if (text.equals(known)) {
            return known;
        }
        TEXTS[place] = text;
        return text;
    }
}
