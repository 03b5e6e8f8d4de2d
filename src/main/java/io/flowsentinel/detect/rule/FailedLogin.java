package io.flowsentinel.detect.rule;

import io.flowsentinel.model.Connection.Side;
import java.util.List;
import java.util.Map;

/**
 * What an originator sends over a service for one login that fails; bounds included.
 *
 * @param service as titles name it
 */
record FailedLogin(String service, long leastPackets, long mostPackets, long leastBytes, long mostBytes) {

    private static final Map<Integer, FailedLogin> BY_PORT = Map.of(
            22, new FailedLogin("SSH", 11, 30, 1_000, 5_000),
            2222, new FailedLogin("SSH", 11, 30, 1_000, 5_000),
            3389, new FailedLogin("RDP", 20, 100, 2_200, 8_001),
            23, new FailedLogin("Telnet", 9, 50, 450, 3_000));

    /** The services' ports, ascending. */
    static final List<Integer> PORTS = BY_PORT.keySet().stream().sorted().toList();

    /** Null where it is the port of none of the services. */
    static FailedLogin at(int port) {
        return BY_PORT.get(port);
    }

    boolean fits(Side originator) {
        return originator.packets() >= leastPackets
                && originator.packets() <= mostPackets
                && originator.bytes() >= leastBytes
                && originator.bytes() <= mostBytes;
    }
}
