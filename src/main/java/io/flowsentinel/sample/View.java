package io.flowsentinel.sample;

/**
 * How one interface sees one direction of a conversation: all columns of its records that no packet changes.
 *
 * @param protocol IANA protocol number
 * @param source {@code srcaddr}
 * @param sourcePort 0 for protocols without ports
 * @param destination {@code dstaddr}
 * @param destinationPort 0 for protocols without ports
 * @param packetSource {@code pkt-srcaddr}
 * @param packetDestination {@code pkt-dstaddr}
 * @param egress whether the packets leave the interface
 * @param path {@code traffic-path}; {@code -} on ingress
 * @param sourceService {@code pkt-src-aws-service} or {@code -}
 * @param destinationService {@code pkt-dst-aws-service} or {@code -}
 */
public record View(
        int protocol,
        String source,
        int sourcePort,
        String destination,
        int destinationPort,
        String packetSource,
        String packetDestination,
        boolean egress,
        String path,
        String sourceService,
        String destinationService) {

    /** An interface that is an end of the conversation: plain and packet addresses are the same. */
    public static View sending(Peer from, Peer to, int protocol, TrafficPath path) {
        return new View(
                protocol,
                from.address(),
                from.port(),
                to.address(),
                to.port(),
                from.address(),
                to.address(),
                true,
                path.code(),
                from.service(),
                to.service());
    }

    /** The other direction at the same place: the addresses change sides, the packets come in. */
    public static View receiving(Peer from, Peer to, int protocol) {
        View view = sending(from, to, protocol, TrafficPath.NONE);
        return new View(
                protocol,
                view.source,
                view.sourcePort,
                view.destination,
                view.destinationPort,
                view.packetSource,
                view.packetDestination,
                false,
                view.path,
                view.sourceService,
                view.destinationService);
    }

    /** A gateway that forwards puts its own address where it is not the far end's: vpc-flow-logs, NAT gateway. */
    public View withSource(String gateway) {
        return new View(
                protocol,
                gateway,
                sourcePort,
                destination,
                destinationPort,
                packetSource,
                packetDestination,
                egress,
                path,
                sourceService,
                destinationService);
    }

    public View withDestination(String gateway) {
        return new View(
                protocol,
                source,
                sourcePort,
                gateway,
                destinationPort,
                packetSource,
                packetDestination,
                egress,
                path,
                sourceService,
                destinationService);
    }
}
