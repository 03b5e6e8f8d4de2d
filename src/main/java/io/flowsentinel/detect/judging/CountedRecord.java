package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.settings.Cidr;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.model.Alert.Party;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import java.util.List;

/**
 * A record's packets and bytes, with who is who worked out once for all rules that judge volumes.
 *
 * <p>What an endpoint's own interface logs of the packets that endpoint sends or receives counts once; the same packets
 * seen at other interfaces do not count again. An interface may have further addresses, see {@link #ofSecondAddress}.
 */
public final class CountedRecord {

    /** Prefix lengths of the largest subnets AWS has. */
    private static final int LARGEST_SUBNET = 16;

    private static final int LARGEST_IPV6_SUBNET = 44;

    private final FoldedRecord folded;
    private final FlowRecord flow;
    private final Networks networks;
    private final boolean sourceInternal;
    private final boolean destinationInternal;
    private final boolean sourcePublic;
    private final boolean destinationPublic;

    /** @param networks tell which addresses are internal */
    public CountedRecord(FoldedRecord folded, Networks networks) {
        this.folded = folded;
        this.flow = folded.flow();
        this.networks = networks;
        this.sourceInternal = ofOwn(FlowDirection.EGRESS) || networks.contains(source());
        this.destinationInternal = ofOwn(FlowDirection.INGRESS) || networks.contains(destination());
        this.sourcePublic = !sourceInternal && networks.routed(source());
        this.destinationPublic = !destinationInternal && networks.routed(destination());
    }

    /** The record itself. */
    public FlowRecord flow() {
        return flow;
    }

    /** The address it was sent from, as the logging interface saw it. */
    public IpAddress source() {
        return flow.source().address();
    }

    /** The address it was sent to, as the logging interface saw it. */
    public IpAddress destination() {
        return flow.destination().address();
    }

    /** Internal: of the configured networks, or the logging interface's own address. */
    public boolean sourceInternal() {
        return sourceInternal;
    }

    /** Likewise. */
    public boolean destinationInternal() {
        return destinationInternal;
    }

    /** Neither internal nor loopback, link-local, multicast or broadcast. */
    public boolean sourcePublic() {
        return sourcePublic;
    }

    /** Likewise. */
    public boolean destinationPublic() {
        return destinationPublic;
    }

    /** Whether the source's own interface logged what it sent: counts once. */
    public boolean sent() {
        return ofOwn(FlowDirection.EGRESS);
    }

    /** Whether the destination's own interface logged what it received: counts once. */
    public boolean received() {
        return ofOwn(FlowDirection.INGRESS);
    }

    /** Whether the originator sent it, as far as is known. */
    public boolean fromOriginator() {
        return folded.fromOriginator();
    }

    /** Whether a handshake tells who began, not a guess. */
    boolean rolesKnown() {
        return folded.rolesKnown();
    }

    /** AWS service of the destination; null where the log names none. */
    public String destinationService() {
        return flow.annotations().destinationService();
    }

    /** Epoch seconds of event time at which it was certain. */
    public long decidedAt() {
        return folded.decidedAt();
    }

    /** Points at the record alone: the connection it belongs to may be open for long. */
    public Sample sample() {
        Party sender = party(flow.source(), sourceInternal, sent(), flow.packets(), flow.bytes());
        Party receiver = party(flow.destination(), destinationInternal, received(), 0, 0);
        return new Sample(new Sample.Told(
                Sample.NO_CONNECTION,
                flow.observer().scope(),
                folded.fromOriginator() ? sender : receiver,
                folded.fromOriginator() ? receiver : sender,
                flow.protocol(),
                null,
                null,
                flow.start(),
                flow.end(),
                flow.observer().interfaceId(),
                folded.fromOriginator() && "nat_gateway".equals(flow.observer().interfaceType()),
                false,
                List.of(flow.ref())));
    }

    private Party party(Endpoint endpoint, boolean internal, boolean logging, long packets, long bytes) {
        Observer own = flow.observer();
        return new Party(
                endpoint,
                internal,
                packets,
                bytes,
                logging ? own.knownInterface() : null,
                logging ? own.instanceId() : null);
    }

    private boolean ofOwn(FlowDirection direction) {
        return flow.flowDirection() == direction
                && (!flow.forwarded() || ofSecondAddress(direction == FlowDirection.EGRESS));
    }

    /**
     * Whether the address is a further one of the interface, such as a pod's. An interface that forwards logs the same: its
     * first address in the place of somebody else's. But those of NAT gateways, load balancers and transit gateways are no
     * instance's, the address at the other end stands as it is, and whoever has a first and a further address in a subnet
     * has them in the block a subnet can have at most. An instance that forwards for its own subnet is not told apart.
     */
    private boolean ofSecondAddress(boolean egress) {
        Observer observer = flow.observer();
        boolean ofInstance = observer.instanceId() != null || "interface".equals(observer.interfaceType());
        IpAddress own = egress ? source() : destination();
        IpAddress first = egress ? flow.plainSource() : flow.plainDestination();
        IpAddress other = egress ? destination() : source();
        IpAddress plainOther = egress ? flow.plainDestination() : flow.plainSource();
        return ofInstance
                && first != null
                && other.equals(plainOther)
                && networks.contains(own)
                && Cidr.around(first, first.ipv6() ? LARGEST_IPV6_SUBNET : LARGEST_SUBNET)
                        .contains(own);
    }
}
