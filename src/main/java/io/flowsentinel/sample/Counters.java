package io.flowsentinel.sample;

/** What the packets of one record add up to. */
final class Counters {

    private int flags;
    private long packets;
    private long bytes;
    private long firstMillis = Long.MAX_VALUE;
    private long lastMillis = Long.MIN_VALUE;

    void add(long atMillis, int packetFlags, long morePackets, long moreBytes) {
        flags |= packetFlags;
        packets += morePackets;
        bytes += moreBytes;
        firstMillis = Math.min(firstMillis, atMillis);
        lastMillis = Math.max(lastMillis, atMillis);
    }

    int flags() {
        return flags;
    }

    long packets() {
        return packets;
    }

    long bytes() {
        return bytes;
    }

    long firstSeconds() {
        return firstMillis / 1000;
    }

    long lastSeconds() {
        return lastMillis / 1000;
    }
}
