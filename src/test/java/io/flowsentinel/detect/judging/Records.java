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

/** Records as they fold, with the domain's defaults, for tests. */
public final class Records {

    private static final long FOLDED_AFTER = 120;

    private final Endpoint source;
    private final Endpoint destination;
    private boolean fromOriginator = true;
    private int protocol = FlowRecord.UDP;
    private Observer observer = Connections.observer("eni-web");
    private IpAddress plainSource;
    private Action action = Action.ACCEPT;
    private FlowDirection direction = FlowDirection.EGRESS;
    private String service;
    private long packets = 1;
    private long bytes = 60;
    private long start = T0;
    private long lasting = 60;

    private Records(Endpoint source, Endpoint destination) {
        this.source = source;
        this.destination = destination;
    }

    /** What an originator sends. */
    public static Records asks(String originator, int sourcePort, String responder, int port) {
        return new Records(new Endpoint(ip(originator), sourcePort), new Endpoint(ip(responder), port));
    }

    /** What a responder sends. */
    public static Records answers(String responder, int port, String originator, int originatorPort) {
        Records records = new Records(new Endpoint(ip(responder), port), new Endpoint(ip(originator), originatorPort));
        records.fromOriginator = false;
        return records;
    }

    public Records at(long seconds) {
        start = T0 + seconds;
        return this;
    }

    public Records lasting(long seconds) {
        lasting = seconds;
        return this;
    }

    public Records carrying(long ofPackets, long ofBytes) {
        packets = ofPackets;
        bytes = ofBytes;
        return this;
    }

    public Records protocol(int number) {
        protocol = number;
        return this;
    }

    public Records rejected() {
        action = Action.REJECT;
        return this;
    }

    public Records by(String interfaceId, String interfaceType) {
        observer = new Observer(
                "vpc-1", interfaceId, "123456789012", null, null, "vpc-1", null, null, interfaceType, "web");
        return this;
    }

    /** The interface forwards for others, with this address in the source's place. */
    public Records forwardedAs(String plain) {
        plainSource = ip(plain);
        return this;
    }

    public Records going(FlowDirection way) {
        direction = way;
        return this;
    }

    public Records toService(String name) {
        service = name;
        return this;
    }

    public FlowRecord flow() {
        String text = source + ">" + destination + "@" + start + observer.interfaceId();
        return new FlowRecord(
                observer,
                protocol,
                source,
                destination,
                plainSource == null ? source.address() : plainSource,
                destination.address(),
                action,
                direction,
                0,
                packets,
                bytes,
                start,
                start + lasting,
                new Annotations(Annotations.NO_PATH, null, null, service),
                0,
                new RecordRef("s3://logs/a.log.gz", Math.floorMod(text.hashCode(), 100_000)));
    }

    public FoldedRecord fold() {
        return new FoldedRecord(flow(), fromOriginator, false, Math.max(start + FOLDED_AFTER, start + lasting));
    }
}
