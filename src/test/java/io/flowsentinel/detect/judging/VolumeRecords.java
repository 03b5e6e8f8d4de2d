package io.flowsentinel.detect.judging;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.ip;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;

/** VolumeRecords as they are taken into connections, with the domain's defaults, for tests. */
public final class VolumeRecords {

    private final Endpoint source;
    private final Endpoint destination;
    private int protocol = FlowRecord.TCP;
    private Observer observer = observer("eni-web", null);
    private IpAddress plainSource;
    private IpAddress plainDestination;
    private long lasting = 30;
    private FlowDirection direction = FlowDirection.EGRESS;
    private Action action = Action.ACCEPT;
    private boolean fromOriginator = true;
    private long packets = 10;
    private long bytes = 600;
    private long start = T0;
    private long decidedAt = Long.MIN_VALUE;
    private String destinationService;

    private VolumeRecords(Endpoint source, Endpoint destination) {
        this.source = source;
        this.destination = destination;
        this.plainSource = source.address();
        this.plainDestination = destination.address();
    }

    /** What the source's own interface logged of packets it sent. */
    public static VolumeRecords sent(String source, String destination) {
        return new VolumeRecords(new Endpoint(ip(source), 40_000), new Endpoint(ip(destination), 443));
    }

    /** What the destination's own interface logged of packets it received. */
    public static VolumeRecords received(String source, String destination) {
        VolumeRecords record = sent(source, destination);
        record.direction = FlowDirection.INGRESS;
        return record;
    }

    public static Observer observer(String interfaceId, String instanceId) {
        return new Observer("vpc-1", interfaceId, "123456789012", null, null, "vpc-1", null, instanceId, null, null);
    }

    public VolumeRecords by(Observer interfaceThatLogged) {
        observer = interfaceThatLogged;
        return this;
    }

    public VolumeRecords icmp() {
        protocol = FlowRecord.ICMP;
        return this;
    }

    public VolumeRecords at(long seconds) {
        start = T0 + seconds;
        return this;
    }

    public VolumeRecords decided(long seconds) {
        decidedAt = T0 + seconds;
        return this;
    }

    public VolumeRecords carrying(long packetsSent, long bytesSent) {
        packets = packetsSent;
        bytes = bytesSent;
        return this;
    }

    public VolumeRecords rejected() {
        action = Action.REJECT;
        return this;
    }

    /** The source answered. */
    public VolumeRecords answer() {
        fromOriginator = false;
        return this;
    }

    public VolumeRecords toService(String code) {
        destinationService = code;
        return this;
    }

    /** An interface with this address got it for the destination. */
    public VolumeRecords gotBy(String gateway) {
        plainDestination = ip(gateway);
        return this;
    }

    /** It left in the name of the interface's first address. */
    public VolumeRecords inTheNameOf(String first) {
        plainSource = ip(first);
        return this;
    }

    public VolumeRecords lasting(long seconds) {
        lasting = seconds;
        return this;
    }

    public FoldedRecord folded() {
        boolean icmp = protocol == FlowRecord.ICMP;
        Endpoint from = icmp ? new Endpoint(source.address(), 0) : source;
        Endpoint to = icmp ? new Endpoint(destination.address(), 0) : destination;
        String text = from + ">" + to + "/" + protocol + "@" + start + direction + bytes;
        FlowRecord flow = new FlowRecord(
                observer,
                protocol,
                from,
                to,
                plainSource,
                plainDestination,
                action,
                direction,
                0,
                packets,
                bytes,
                start,
                start + lasting,
                new Annotations(Annotations.NO_PATH, null, null, destinationService),
                0,
                new RecordRef("s3://logs/a.log.gz", Math.floorMod(text.hashCode(), 100_000)));
        return new FoldedRecord(
                flow, fromOriginator, true, decidedAt == Long.MIN_VALUE ? start + Math.max(120, lasting) : decidedAt);
    }
}
