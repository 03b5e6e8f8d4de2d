package io.flowsentinel.detect.settings;

import io.flowsentinel.model.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * A block of addresses, or a single one.
 *
 * @param network its first address
 * @param prefix leading bits that have to agree
 */
public record Cidr(IpAddress network, int prefix) {

    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern PREFIX = Pattern.compile("\\d{1,3}");

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a bare address.
     *
     * @throws IllegalArgumentException when the text is neither, or has address bits set behind the prefix
     */
    static Cidr parse(String text) {
        int slash = text.indexOf('/');
        IpAddress network = address(slash < 0 ? text : text.substring(0, slash));
        int bits = network.ipv6() ? 128 : 32;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits);
        Cidr cidr = new Cidr(network, prefix);
        if (!cidr.first().equals(network)) {
            throw new IllegalArgumentException(text + " has address bits behind the prefix");
        }
        return cidr;
    }

    /** The block of this length that has an address. */
    public static Cidr around(IpAddress address, int prefix) {
        return new Cidr(new Cidr(address, prefix).first(), prefix);
    }

    /** Whether an address is in the block; never one of the other IP version. */
    public boolean contains(IpAddress address) {
        return address.ipv6() == network.ipv6()
                && ((address.high() ^ network.high()) & highMask()) == 0
                && ((address.low() ^ network.low()) & lowMask()) == 0;
    }

    @Override
    public String toString() {
        return prefix == (network.ipv6() ? 128 : 32) ? network.toString() : network + "/" + prefix;
    }

    private IpAddress first() {
        return masked(network);
    }

    private IpAddress masked(IpAddress address) {
        return new IpAddress(address.high() & highMask(), address.low() & lowMask(), address.ipv6());
    }

    /** Of an IPv4 address the high half is 0 and never differs. */
    private long highMask() {
        return mask(Math.min(prefix, Long.SIZE));
    }

    /** An IPv4 address is the lower half of the low half. */
    private long lowMask() {
        return mask(network.ipv6() ? Math.max(prefix - Long.SIZE, 0) : prefix + Integer.SIZE);
    }

    private static long mask(int leading) {
        return leading == 0 ? 0 : -1L << 64 - leading;
    }

    private static int prefix(String text, int most) {
        if (!PREFIX.matcher(text).matches() || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(text + " is no prefix length");
        }
        return Integer.parseInt(text);
    }

    private static IpAddress address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            throw new IllegalArgumentException(text + " is no address");
        }
        try {
            // Both patterns admit literals only, so nothing is looked up.
            ByteBuffer bytes = ByteBuffer.wrap(InetAddress.getByName(text).getAddress());
            return bytes.remaining() == 4
                    ? IpAddress.ipv4(bytes.getInt())
                    : IpAddress.ipv6(bytes.getLong(), bytes.getLong());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text + " is no address", e);
        }
    }
}
