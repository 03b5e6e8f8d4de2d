package io.flowsentinel.detect.settings;

import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.IpAddress;
import java.io.Serializable;
import java.util.List;

/**
 * Tells internal, external and public addresses apart. The answer for an address rests on the configuration and on the
 * connection's own records, never on other records: a replay would differ.
 */
public final class Networks implements Serializable {

    /** RFC 1918, RFC 6598 and RFC 4193. */
    public static final List<String> INTERNAL_BY_DEFAULT =
            List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7");

    private static final AddressBlocks NOT_ROUTED = new AddressBlocks(List.of(
            Cidr.parse("127.0.0.0/8"),
            Cidr.parse("::1"),
            Cidr.parse("169.254.0.0/16"),
            Cidr.parse("fe80::/10"),
            Cidr.parse("224.0.0.0/4"),
            Cidr.parse("ff00::/8"),
            Cidr.parse("255.255.255.255")));

    private final List<String> texts;
    private final transient AddressBlocks internal;

    private Networks(List<String> texts) {
        this.texts = texts;
        this.internal = new AddressBlocks(texts.stream().map(Cidr::parse).toList());
    }

    /**
     * Networks whose addresses are internal.
     *
     * @throws IllegalArgumentException naming the first text that is no CIDR
     */
    public static Networks of(List<String> internal) {
        return new Networks(List.copyOf(internal));
    }

    /** The private networks, see {@link #INTERNAL_BY_DEFAULT}. */
    public static Networks byDefault() {
        return new Networks(INTERNAL_BY_DEFAULT);
    }

    /** In the configured networks, or the address of an interface that logged this very connection as its own. */
    public boolean internal(Side side) {
        return side.observer() != null || contains(side.endpoint().address());
    }

    /** Neither loopback, link-local, multicast nor broadcast. */
    public boolean routed(IpAddress address) {
        return !NOT_ROUTED.contains(address);
    }

    /** Whether an address is in the configured networks. */
    public boolean contains(IpAddress address) {
        return internal.contains(address);
    }

    private Object readResolve() {
        return new Networks(texts);
    }
}
