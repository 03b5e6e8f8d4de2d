package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.model.TcpFlags;

/** Builds flow records: an accepted TCP record of one window, of one interface, unless told otherwise. */
final class Flow {

    /** The noon all times of the tests count from. */
    static final long NOON = 1_700_000_000L;

    static final Endpoint LAPTOP = endpoint("10.0.0.1", 40001);
    static final Endpoint SERVER = endpoint("10.0.0.2", 443);

    private static final int WINDOW = 60;

    private Endpoint source;
    private Endpoint destination;
    private IpAddress plainSource;
    private IpAddress plainDestination;
    private String interfaceId = "eni-1";
    private int protocol = FlowRecord.TCP;
    private Action action = Action.ACCEPT;
    private FlowDirection direction = FlowDirection.ABSENT;
    private int flags;
    private long packets = 5;
    private long bytes = 500;
    private long start = NOON;
    private long end = NOON + WINDOW;
    private Annotations annotations = Annotations.NONE;
    private int absent;
    private long line = 1;

    private Flow(Endpoint source, Endpoint destination) {
        this.source = source;
        this.destination = destination;
        this.plainSource = source.address();
        this.plainDestination = destination.address();
    }

    static Flow flow(Endpoint source, Endpoint destination) {
        return new Flow(source, destination);
    }

    /** From the laptop to the server. */
    static Flow request() {
        return flow(LAPTOP, SERVER);
    }

    /** From the server to the laptop. */
    static Flow answer() {
        return flow(SERVER, LAPTOP);
    }

    static Endpoint endpoint(String ipv4, int port) {
        return new Endpoint(ipv4(ipv4), port);
    }

    static IpAddress ipv4(String text) {
        int bits = 0;
        for (String part : text.split("\\.", -1)) {
            bits = bits << 8 | Integer.parseInt(part);
        }
        return IpAddress.ipv4(bits);
    }

    static Observer observer(String interfaceId) {
        return new Observer("vpc-1", interfaceId, "123456789012", null, null, "vpc-1", null, null, null, null);
    }

    Flow flags(int bits) {
        flags = bits;
        return this;
    }

    Flow withoutFlags() {
        return flags(TcpFlags.ABSENT);
    }

    /** Seconds after noon; a window long. */
    Flow at(long second) {
        return during(second, second + WINDOW);
    }

    /** Seconds after noon. */
    Flow during(long from, long to) {
        start = NOON + from;
        end = NOON + to;
        return this;
    }

    Flow epoch(long from, long to) {
        return during(from - NOON, to - NOON);
    }

    Flow on(String id) {
        interfaceId = id;
        return this;
    }

    Flow protocol(int number) {
        protocol = number;
        return this;
    }

    Flow rejected() {
        action = Action.REJECT;
        return this;
    }

    Flow ingress() {
        direction = FlowDirection.INGRESS;
        return this;
    }

    Flow egress() {
        direction = FlowDirection.EGRESS;
        return this;
    }

    Flow packets(long count) {
        packets = count;
        return this;
    }

    Flow bytes(long count) {
        bytes = count;
        return this;
    }

    Flow plain(String from, String to) {
        plainSource = ipv4(from);
        plainDestination = ipv4(to);
        return this;
    }

    Flow annotated(Annotations added) {
        annotations = added;
        return this;
    }

    Flow degraded() {
        return without(FlowRecord.DEGRADED);
    }

    /** Without these fields: their values stand for absence. */
    Flow without(int fields) {
        absent |= fields;
        return this;
    }

    Flow line(long number) {
        line = number;
        return this;
    }

    FlowRecord record() {
        return new FlowRecord(
                observer(interfaceId),
                protocol,
                source,
                destination,
                plainSource,
                plainDestination,
                action,
                direction,
                flags,
                packets,
                bytes,
                start,
                end,
                annotations,
                absent,
                new RecordRef("file:/flows.log", line));
    }
}
