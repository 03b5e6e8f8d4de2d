package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert.Party;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.TcpFlags;
import java.util.List;

/** A closed connection and what the words of the catalogue say about it, worked out once for all rules. */
public final class ClosedConnection {

    /** A half-open connection's originator sends at most this many packets, each of at most this many bytes. */
    private static final int HALF_OPEN_PACKETS = 3;

    private static final int HALF_OPEN_BYTES = 60;

    /** What a log without flags shows of an opening has at most so many packets a record: SYNs sent again. */
    private static final int OPENING_PACKETS = 3;

    private static final String GATEWAY = "nat_gateway";

    private final Connection connection;
    private final IpAddress originator;
    private final IpAddress responder;
    private final boolean originatorInternal;
    private final boolean responderInternal;
    private final boolean originatorPublic;
    private final boolean responderPublic;
    private final boolean failed;
    private final boolean answered;
    private final boolean completed;

    /** Null until it is asked for. */
    private Sample sample;

    /** @param networks tell which addresses are internal */
    public ClosedConnection(Connection connection, Networks networks) {
        this.connection = connection;
        this.originator = connection.originator().endpoint().address();
        this.responder = connection.responder().endpoint().address();
        this.originatorInternal = networks.internal(connection.originator());
        this.responderInternal = networks.internal(connection.responder());
        this.originatorPublic = !originatorInternal && networks.routed(originator);
        this.responderPublic = !responderInternal && networks.routed(responder);
        this.failed = hasFailed();
        this.answered = wasAnswered();
        this.completed = wasCompleted();
    }

    /** The connection as the lifecycle tells of it. */
    public Connection connection() {
        return connection;
    }

    /** The address of who opened it. */
    public IpAddress originator() {
        return originator;
    }

    /** The address of the other side. */
    public IpAddress responder() {
        return responder;
    }

    /** The responder's port. */
    public int port() {
        return connection.responder().endpoint().port();
    }

    /** IANA protocol number. */
    public int protocol() {
        return connection.protocol();
    }

    /** Whether its protocol is TCP. */
    public boolean tcp() {
        return connection.protocol() == FlowRecord.TCP;
    }

    /** Whether its protocol is UDP. */
    public boolean udp() {
        return connection.protocol() == FlowRecord.UDP;
    }

    /** Internal: of the configured networks, or logged by an interface of its own. */
    public boolean originatorInternal() {
        return originatorInternal;
    }

    /** Likewise. */
    public boolean responderInternal() {
        return responderInternal;
    }

    /** Neither internal nor loopback, link-local, multicast or broadcast. */
    public boolean originatorPublic() {
        return originatorPublic;
    }

    /** Likewise. */
    public boolean responderPublic() {
        return responderPublic;
    }

    /** The scope where the originator is internal, null where it is one for all. */
    public String originatorScope() {
        return originatorInternal ? connection.scope() : null;
    }

    /**
     * TCP, known by its SYN to be the originator's attempt, both directions logged, and it came to nothing. In a log
     * without flags only what filters rejected: see {@link #opens}.
     */
    public boolean failed() {
        return failed;
    }

    /** UDP whose first packets were rejected and that nobody answered. */
    public boolean rejectedUdp() {
        return udp()
                && connection.endReason() != EndReason.END_OF_INPUT
                && denied()
                && connection.observations().stream().allMatch(Observation::fromOriginator);
    }

    /** What was asked passed an interface, and what was answered passed one. */
    public boolean bothPassed() {
        return passed(true) && passed(false);
    }

    /** An interface let packets of the originator, or of the responder, pass. */
    public boolean passed(boolean fromOriginator) {
        for (Observation seen : connection.observations()) {
            if (seen.fromOriginator() == fromOriginator && seen.action() == Action.ACCEPT) {
                return true;
            }
        }
        return false;
    }

    /** A SYN-ACK of the responder was accepted. */
    public boolean answered() {
        return answered;
    }

    /** The originator got further than a half-open connection does. */
    public boolean completed() {
        return completed;
    }

    /** TCP of which the log has no flags: ports and packets have to do. */
    public boolean flagless() {
        return tcp() && !connection.has(Trait.FLAGS_PRESENT);
    }

    /**
     * Whether something rejected is the opening of a TCP connection: a SYN; in a log without flags what looks like one,
     * few packets a record from the higher port to the lower one, in a connection of which nothing passed anywhere.
     */
    public boolean opens(Observation rejected) {
        if (rejected.flags() != TcpFlags.ABSENT || !flagless()) {
            return TcpFlags.opens(rejected.flags());
        }
        return rejected.packets() <= (long) OPENING_PACKETS * rejected.records()
                && port() < connection.originator().endpoint().port()
                && connection.observations().stream().allMatch(seen -> seen.action() == Action.REJECT);
    }

    /** TCP in a state that takes both sides: S1, S2, S3, SF, RSTO, RSTR. */
    public boolean successful() {
        if (!tcp()) {
            return false;
        }
        return switch (connection.state()) {
            case S1, S2, S3, SF, RSTO, RSTR -> true;
            case S0, REJ, RSTOS0, RSTRH, SH, SHR, OTH -> false;
        };
    }

    /** An attempt, or what an open port makes of a spoofed one: S0, or S1 with hardly anything from the originator. */
    public boolean halfOpen() {
        Side from = connection.originator();
        return switch (connection.state()) {
            case S0 -> tcp();
            case S1 -> tcp()
                    && from.packets() <= HALF_OPEN_PACKETS
                    && from.bytes() <= HALF_OPEN_BYTES * from.packets()
                    && from.packets() <= connection.responder().packets();
            case S2, S3, SF, REJ, RSTO, RSTR, RSTOS0, RSTRH, SH, SHR, OTH -> false;
        };
    }

    /** Filters let none of the originator's attempts through. */
    public boolean denied() {
        return switch (connection.verdict()) {
            case DENIED, DENIED_EGRESS, DENIED_BY_DESTINATION -> true;
            case ALLOWED, UNSOLICITED_REJECT, STALE_REJECT, MIXED, REPLY_DENIED -> false;
        };
    }

    /** Whether records may have been lost while it lasted. */
    public boolean coverageGap() {
        return connection.has(Trait.COVERAGE_GAP);
    }

    /**
     * Addresses in whose name gateways open connections for the originator: a NAT gateway's stands in the responder's
     * place, in the requests it takes and the answers it hands on. An address in the place of an internal responder may
     * be no more than the first of several of its interface: there it takes a NAT gateway's interface. One in the
     * originator's place stands for no other connection: it is the first address of an interface with several, such as
     * a Kubernetes node's, or a transit gateway's, which opens none.
     */
    List<IpAddress> translators() {
        List<IpAddress> behind = connection.responder().intermediates();
        return behind.isEmpty() || responderPublic || passedGateway() ? behind : List.of();
    }

    private boolean passedGateway() {
        return connection.observations().stream()
                .anyMatch(seen -> GATEWAY.equals(seen.observer().interfaceType()));
    }

    /** Epoch seconds. */
    public long start() {
        return connection.start();
    }

    /** Epoch seconds of event time at which all of this was certain. */
    public long decidedAt() {
        return connection.decidedAt();
    }

    /** One for all rules. */
    public Sample sample() {
        if (sample == null) {
            sample = sample(connection.scope(), null);
        }
        return sample;
    }

    /** For rules that judge an interface. */
    public Sample sample(String scope, String interfaceId) {
        return new Sample(new Sample.Told(
                connection.name(),
                scope,
                party(connection.originator(), originatorInternal),
                party(connection.responder(), responderInternal),
                connection.protocol(),
                connection.state(),
                connection.verdict(),
                connection.start(),
                connection.end(),
                interfaceId,
                isGateway(connection.originator()),
                flagless(),
                connection.evidence()));
    }

    private static Party party(Side side, boolean internal) {
        Observer own = side.observer();
        return new Party(
                side.endpoint(),
                internal,
                side.packets(),
                side.bytes(),
                own == null ? null : own.knownInterface(),
                own == null ? null : own.instanceId());
    }

    private static boolean isGateway(Side side) {
        return side.observer() != null && GATEWAY.equals(side.observer().interfaceType());
    }

    private boolean hasFailed() {
        if (flagless()) {
            return connection.endReason() != EndReason.END_OF_INPUT
                    && connection.observations().stream().anyMatch(seen -> seen.fromOriginator() && opens(seen));
        }
        return tcp()
                && connection.directionEvidence() == DirectionEvidence.SYN
                && connection.endReason() != EndReason.END_OF_INPUT
                && !connection.has(Trait.ONE_SIDED)
                && (cameToNothing() || denied());
    }

    private boolean cameToNothing() {
        return switch (connection.state()) {
            case S0, RSTOS0, SH -> !connection.has(Trait.COVERAGE_GAP);
            case REJ -> true;
            case S1, S2, S3, SF, RSTO, RSTR, RSTRH, SHR, OTH -> false;
        };
    }

    private boolean wasAnswered() {
        if (!tcp() || !connection.rolesKnown()) {
            return false;
        }
        for (Observation seen : connection.observations()) {
            if (!seen.fromOriginator() && seen.action() == Action.ACCEPT && TcpFlags.answers(seen.flags())) {
                return true;
            }
        }
        return false;
    }

    /** There was an answer, and more from the originator than what an open port gets from a spoofed SYN. */
    private boolean wasCompleted() {
        ConnState state = connection.state();
        if (udp()) {
            return state == ConnState.SF && !denied();
        }
        Side from = connection.originator();
        boolean further = from.packets() > HALF_OPEN_PACKETS
                || from.bytes() > HALF_OPEN_BYTES * from.packets()
                || from.packets() > connection.responder().packets();
        return tcp() && further && connection.responder().packets() > 0 && state != ConnState.S0 && !failed;
    }
}
