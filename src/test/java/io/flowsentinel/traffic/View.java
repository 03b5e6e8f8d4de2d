package io.flowsentinel.traffic;

import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;

/**
 * How an interface sees one direction of a conversation.
 *
 * @param source of the packets
 * @param destination of the packets
 * @param plainSource what the interface writes as {@code srcaddr}
 * @param plainDestination what the interface writes as {@code dstaddr}
 * @param egress whether the packets leave the interface
 */
record View(
        int protocol,
        Endpoint source,
        Endpoint destination,
        IpAddress plainSource,
        IpAddress plainDestination,
        boolean egress) {

    /** Packets as they are. */
    static View plain(int protocol, Endpoint source, Endpoint destination, boolean egress) {
        return new View(protocol, source, destination, source.address(), destination.address(), egress);
    }

    View withPlainSource(IpAddress gateway) {
        return new View(protocol, source, destination, gateway, plainDestination, egress);
    }

    View withPlainDestination(IpAddress gateway) {
        return new View(protocol, source, destination, plainSource, gateway, egress);
    }
}
