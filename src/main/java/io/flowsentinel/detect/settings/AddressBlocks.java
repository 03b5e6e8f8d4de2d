package io.flowsentinel.detect.settings;

import io.flowsentinel.model.IpAddress;
import java.util.List;

/**
 * A few blocks of addresses, asked for every record: of most IPv4 addresses the first byte tells. There are {@link
 * PrefixSet}s for many.
 */
final class AddressBlocks {

    private static final int BYTES = 256;
    private static final int BYTE_BITS = 8;

    private final Cidr[] ipv4;
    private final Cidr[] ipv6;

    /** By the first byte of an IPv4 address. */
    private final Share[] shares = new Share[BYTES];

    /** How many of the addresses with the same first byte are in a block. */
    private enum Share {
        NONE,
        SOME,
        ALL
    }

    AddressBlocks(List<Cidr> blocks) {
        ipv4 = blocks.stream().filter(block -> !block.network().ipv6()).toArray(Cidr[]::new);
        ipv6 = blocks.stream().filter(block -> block.network().ipv6()).toArray(Cidr[]::new);
        for (int first = 0; first < BYTES; first++) {
            shares[first] = shareOf(first);
        }
    }

    private Share shareOf(int firstByte) {
        IpAddress first = IpAddress.ipv4(firstByte << Integer.SIZE - BYTE_BITS);
        Share share = Share.NONE;
        for (Cidr block : ipv4) {
            if (block.prefix() <= BYTE_BITS && block.contains(first)) {
                return Share.ALL;
            }
            if (block.prefix() > BYTE_BITS && block.network().low() >>> Integer.SIZE - BYTE_BITS == firstByte) {
                share = Share.SOME;
            }
        }
        return share;
    }

    /** Whether an address is in any of them. */
    boolean contains(IpAddress address) {
        if (address.ipv6()) {
            return anyContains(ipv6, address);
        }
        return switch (shares[(int) (address.low() >>> Integer.SIZE - BYTE_BITS)]) {
            case NONE -> false;
            case ALL -> true;
            case SOME -> anyContains(ipv4, address);
        };
    }

    private static boolean anyContains(Cidr[] blocks, IpAddress address) {
        for (Cidr block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
