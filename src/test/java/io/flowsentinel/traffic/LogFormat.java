package io.flowsentinel.traffic;

/**
 * Which fields an interface's flow log has beside those of version 2.
 *
 * @param flags {@code tcp-flags}
 * @param packetAddresses {@code pkt-srcaddr} and {@code pkt-dstaddr}; without them keys are degraded
 * @param direction {@code flow-direction} and {@code traffic-path}
 */
record LogFormat(boolean flags, boolean packetAddresses, boolean direction) {

    /** Mostly everything; now and then one of them is missing. */
    static LogFormat any(Luck luck) {
        return new LogFormat(!luck.oneIn(12), !luck.oneIn(10), !luck.oneIn(4));
    }
}
