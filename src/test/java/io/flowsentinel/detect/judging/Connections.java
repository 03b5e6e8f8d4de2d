package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.settings.Addresses;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Continuation;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Event;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.ConnectionId;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.model.TcpFlags;
import java.util.ArrayList;
import java.util.List;

/** Closed connections with the domain's defaults, for tests. */
public final class Connections {

    private static final String NAT = "eni-nat";

    /** 2023-11-14T22:00:00Z. */
    public static final long T0 = 1_699_999_200;

    private static final Observer WEB = observer("eni-web");

    private int protocol = FlowRecord.TCP;
    private Endpoint originator;
    private final Endpoint responder;
    private long start = T0;
    private long decidedAt = Long.MIN_VALUE;
    private String given;
    private ConnState state = ConnState.SF;
    private Verdict verdict = Verdict.ALLOWED;
    private DirectionEvidence evidence = DirectionEvidence.SYN;
    private EndReason endReason = EndReason.CLOSED;
    private int traits = Trait.FLAGS_PRESENT.bit();
    private long originatorPackets = 10;
    private long responderPackets = 12;
    private String scope = "vpc-1";
    private Observer originatorInterface;
    private Observer responderInterface;
    private int trafficPath = Annotations.NO_PATH;
    private String responderService;
    private List<IpAddress> originatorIntermediates = List.of();
    private List<IpAddress> responderIntermediates = List.of();
    private long originatorBytes = -1;
    private long lasting = 30;
    private Continuation continuation;
    private final List<Observation> observations = new ArrayList<>();

    private Connections(String originator, int sourcePort, String responder, int port) {
        this.originator = new Endpoint(ip(originator), sourcePort);
        this.responder = new Endpoint(ip(responder), port);
    }

    public static Connections from(String originator, int sourcePort, String responder, int port) {
        return new Connections(originator, sourcePort, responder, port);
    }

    public static Connections from(String originator, String responder, int port) {
        return new Connections(originator, 40_000, responder, port);
    }

    public static IpAddress ip(String text) {
        return Addresses.ip(text);
    }

    public static Observer observer(String id) {
        return new Observer("vpc-1", id, "123456789012", null, null, "vpc-1", null, null, null, "web");
    }

    /** An interface of a machine with a role, in a subnet. */
    public static Observer interfaceOf(String role, String subnet) {
        return new Observer("vpc-1", "eni-" + role, "123456789012", null, null, "vpc-1", subnet, null, null, role);
    }

    /** The interface of a NAT gateway. */
    public static Observer gateway(String role) {
        return new Observer(
                "vpc-1", "eni-nat", "123456789012", null, null, "vpc-1", "subnet-nat", null, "nat_gateway", role);
    }

    public Connections at(long seconds) {
        start = T0 + seconds;
        return this;
    }

    public Connections sourcePort(int port) {
        originator = new Endpoint(originator.address(), port);
        return this;
    }

    public Connections id(String hex) {
        given = hex;
        return this;
    }

    public Connections decided(long seconds) {
        decidedAt = T0 + seconds;
        return this;
    }

    public Connections scope(String vpc) {
        scope = vpc;
        return this;
    }

    /** The originator's own interface logged it. */
    public Connections originatorLogged(Observer by) {
        originatorInterface = by;
        return this;
    }

    /** The responder's own interface logged it. */
    public Connections responderLogged(Observer by) {
        responderInterface = by;
        return this;
    }

    /** The AWS service of the responder. */
    public Connections service(String code) {
        responderService = code;
        return this;
    }

    /** The way the originator's packets left by. */
    public Connections path(int number) {
        trafficPath = number;
        return this;
    }

    /** Its interface has several addresses, of which this is the first. */
    public Connections from(String first) {
        originatorIntermediates = List.of(ip(first));
        return this;
    }

    /** It went through a NAT gateway with this address. */
    public Connections throughNat(String gateway) {
        responderIntermediates = List.of(ip(gateway));
        return this;
    }

    /** It went through a gateway with this address, whose interface logged it. */
    public Connections through(String gateway) {
        responderIntermediates = List.of(ip(gateway));
        return saw(NAT, true, Action.ACCEPT, 0);
    }

    /** The responder's own interface logged it. */
    public Connections responderLogged() {
        responderInterface = WEB;
        return this;
    }

    /** The originator's own interface logged it. */
    public Connections originatorLogged() {
        originatorInterface = WEB;
        return this;
    }

    /** Of an AWS service. */
    public Connections responderService(String name) {
        responderService = name;
        return this;
    }

    /** A gateway stood in the originator's place. */
    /** Seconds from its start to its end, and to that of what is seen from now on. */
    public Connections lasting(long seconds) {
        lasting = seconds;
        return this;
    }

    /** An id of 16 bytes, as real ones are, made of a number. */
    public Connections numbered(int number) {
        given = id(number);
        return this;
    }

    public static String id(int number) {
        return "%032x".formatted(number);
    }

    /** It goes on from another one after a silence. */
    public Connections after(int number) {
        continuation = new Continuation(id(number), id(number), start);
        return this;
    }

    /** It goes on from another one after a silence, the last of a chain that began so many seconds after T0. */
    public Connections after(int number, int first, long firstStart) {
        continuation = new Continuation(id(number), id(first), T0 + firstStart);
        return this;
    }

    /** What the originator sent; 60 a packet unless said. */
    public Connections bytes(long fromOriginator) {
        originatorBytes = fromOriginator;
        return this;
    }

    public Connections protocol(int number) {
        protocol = number;
        evidence = DirectionEvidence.PORT;
        return this;
    }

    public Connections state(ConnState observed) {
        state = observed;
        return this;
    }

    public Connections verdict(Verdict given) {
        verdict = given;
        return this;
    }

    public Connections evidence(DirectionEvidence given) {
        evidence = given;
        return this;
    }

    public Connections guessed() {
        evidence = DirectionEvidence.PORT;
        return this;
    }

    /** Nothing tells who began but which record came first. */
    public Connections unknown() {
        evidence = DirectionEvidence.NONE;
        return this;
    }

    /** A handshake in which only the answer was logged tells who began. */
    public Connections answerOnly() {
        evidence = DirectionEvidence.SYNACK;
        return this;
    }

    public Connections with(Trait trait) {
        traits |= trait.bit();
        return this;
    }

    public Connections without(Trait trait) {
        traits &= ~trait.bit();
        return this;
    }

    public Connections ended(EndReason reason) {
        endReason = reason;
        return this;
    }

    public Connections packets(long fromOriginator, long fromResponder) {
        originatorPackets = fromOriginator;
        responderPackets = fromResponder;
        return this;
    }

    /** AWS service of the responder's address. */
    /** A SYN that nobody answered. */
    public Connections unanswered() {
        return state(ConnState.S0)
                .ended(EndReason.ATTEMPT_TIMEOUT)
                .packets(1, 0)
                .saw("eni-web", true, Action.ACCEPT, 2);
    }

    /** A SYN that a security group rejected. */
    public Connections denied() {
        return state(ConnState.S0)
                .verdict(Verdict.DENIED)
                .ended(EndReason.ATTEMPT_TIMEOUT)
                .packets(1, 0)
                .saw("eni-web", true, Action.REJECT, 2);
    }

    /** A log without flags, in which nothing but the ports tells who opened it. */
    public Connections withoutFlags() {
        return without(Trait.FLAGS_PRESENT).guessed().state(ConnState.OTH).ended(EndReason.IDLE);
    }

    /** A packet that a security group rejected, in a log without flags. */
    public Connections deniedWithoutFlags() {
        return withoutFlags()
                .verdict(Verdict.DENIED)
                .packets(1, 0)
                .saw("eni-web", true, Action.REJECT, TcpFlags.ABSENT);
    }

    /** Packets that passed both ways, in a log without flags. */
    public Connections passedWithoutFlags() {
        return withoutFlags()
                .saw("eni-web", true, Action.ACCEPT, TcpFlags.ABSENT)
                .saw("eni-web", false, Action.ACCEPT, TcpFlags.ABSENT);
    }

    /** A SYN that a SYN-ACK answered. */
    public Connections answered() {
        return saw("eni-web", true, Action.ACCEPT, 3).saw("eni-web", false, Action.ACCEPT, 19);
    }

    public Connections saw(String interfaceId, boolean fromOriginator, Action action, int flags) {
        return saw(
                interfaceId,
                fromOriginator,
                action,
                flags,
                fromOriginator ? FlowDirection.INGRESS : FlowDirection.EGRESS);
    }

    public Connections saw(
            String interfaceId, boolean fromOriginator, Action action, int flags, FlowDirection direction) {
        observations.add(new Observation(
                interfaceId.equals("eni-web") ? WEB : interfaceId.equals(NAT) ? gateway("nat") : observer(interfaceId),
                fromOriginator,
                action,
                direction,
                !interfaceId.equals(NAT),
                flags,
                1,
                60,
                start,
                start + lasting,
                1));
        return this;
    }

    /** So much was seen last. */
    public Connections observed(long packets, int records) {
        Observation last = observations.remove(observations.size() - 1);
        observations.add(new Observation(
                last.observer(),
                last.fromOriginator(),
                last.action(),
                last.flowDirection(),
                last.own(),
                last.flags(),
                packets,
                packets * 60,
                last.start(),
                last.end(),
                records));
        return this;
    }

    public Connection close() {
        return build(Event.CLOSE);
    }

    public Connection build(Event event) {
        String id = given != null ? given : originator + ">" + responder + "/" + protocol + "@" + start + scope;
        return new Connection(
                event,
                ConnectionId.of(id),
                scope,
                protocol,
                new Side(
                        originator,
                        originatorPackets,
                        originatorBytes < 0 ? originatorPackets * 60 : originatorBytes,
                        0,
                        originatorInterface,
                        null,
                        originatorIntermediates),
                new Side(
                        responder,
                        responderPackets,
                        responderPackets * 60,
                        0,
                        responderInterface,
                        responderService,
                        responderIntermediates),
                start,
                start + lasting,
                state,
                verdict,
                null,
                evidence,
                endReason,
                traits,
                1,
                2,
                List.copyOf(observations),
                trafficPath,
                continuation,
                decidedAt == Long.MIN_VALUE ? start + 120 : decidedAt,
                List.of(new RecordRef("s3://logs/a.log.gz", Math.floorMod(id.hashCode(), 100_000))));
    }
}
