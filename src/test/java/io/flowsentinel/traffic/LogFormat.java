package io.flowsentinel.traffic;

/**
 * Which fields an interface's flow log has beside those of version 2.
 *
 * @param flags {@code tcp-flags}
 * @param packetAddresses {@code pkt-srcaddr} and {@code pkt-dstaddr}; without them keys are degraded
 * @param direction {@code flow-direction} and {@code traffic-path}
 */
record LogFormat(boolean flags, boolean packetAddresses, boolean direction) {

    static final LogFormat EVERYTHING = new LogFormat(true, true, true);

    /** That of the interface of this number: mostly everything, but in any estate there are some that lack a field. */
    static LogFormat of(int number) {
        return new LogFormat(number % 9 != 4, number % 10 != 7, number % 4 != 2);
    }
}
