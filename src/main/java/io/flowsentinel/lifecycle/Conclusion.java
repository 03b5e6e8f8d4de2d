package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Continuation;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Event;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.ConnectionId;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.TcpFlags;
import java.util.Arrays;
import java.util.List;

/** Turns what was folded into what is said about it. */
final class Conclusion {

    private final ConnectionKey key;
    private final Tracked connection;
    private final Roles roles;
    private final boolean tcpWithFlags;
    private final Observation[] observations;
    private final Verdict verdict;
    private final Side originator;
    private final Side responder;

    Conclusion(ConnectionKey key, Tracked connection) {
        this.key = key;
        this.connection = connection;
        this.roles = Roles.of(connection, key);
        this.tcpWithFlags = key.protocol() == FlowRecord.TCP && connection.flagsKnown();
        this.observations = sortedObservations();
        this.verdict = Verdicts.of(connection, tcpWithFlags, observations);
        this.originator = side(true);
        this.responder = side(false);
    }

    /**
     * What is published of it.
     *
     * @param reason null unless the event is CLOSE
     * @param gap whether an observing interface lost records around the connection
     */
    Connection connection(Event event, EndReason reason, boolean gap, long decidedAt) {
        return new Connection(
                event,
                ConnectionId.of(key, connection.start, connection.split),
                key.scope(),
                key.protocol(),
                originator,
                responder,
                connection.earliest,
                connection.end,
                state(),
                verdict,
                connection.rejectReason,
                roles.evidence(),
                reason,
                traits(reason) | (gap ? Trait.COVERAGE_GAP.bit() : 0),
                synRecords(),
                connection.records,
                List.of(observations),
                trafficPath(),
                continuation(),
                decidedAt,
                List.of(connection.evidence));
    }

    private Observation[] sortedObservations() {
        Observation[] sorted = new Observation[connection.observed.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = connection.observed[i].observation(roles.originatorIsLower());
        }
        Arrays.sort(sorted, Conclusion::compare);
        return sorted;
    }

    /** By interface, the originator's first, accepted ones first. */
    private static int compare(Observation one, Observation other) {
        String id = one.observer().interfaceId();
        String otherId = other.observer().interfaceId();
        int by = id.equals(otherId) ? 0 : id.compareTo(otherId);
        by = by != 0 ? by : Boolean.compare(other.fromOriginator(), one.fromOriginator());
        return by != 0 ? by : one.action().compareTo(other.action());
    }

    private Side side(boolean ofOriginator) {
        boolean lower = ofOriginator == roles.originatorIsLower();
        Volume volume = Volume.of(observations, ofOriginator);
        return new Side(
                lower ? key.lower() : key.higher(),
                volume.packets(),
                volume.bytes(),
                connection.flags(lower),
                ownInterface(ofOriginator),
                lower ? connection.lowerService : connection.higherService,
                List.of(lower ? connection.lowerIntermediates : connection.higherIntermediates));
    }

    /** The interface that sends what the side sends, or receives what is sent to it; flow-direction alone tells. */
    private Observer ownInterface(boolean ofOriginator) {
        for (Observation one : observations) {
            FlowDirection direction =
                    one.fromOriginator() == ofOriginator ? FlowDirection.EGRESS : FlowDirection.INGRESS;
            if (one.own() && one.flowDirection() == direction) {
                return one.observer();
            }
        }
        return null;
    }

    private ConnState state() {
        return switch (key.protocol()) {
            case FlowRecord.TCP -> tcpState();
            case FlowRecord.UDP -> udpState();
            default -> ConnState.OTH;
        };
    }

    private ConnState tcpState() {
        if (!tcpWithFlags) {
            return ConnState.OTH;
        }
        if (connection.anyAccepted()) {
            return StateTable.of(originator.flags(), responder.flags());
        }
        boolean denied = originator.flags() != Side.NO_RECORD && TcpFlags.opens(originator.flags());
        return denied ? ConnState.S0 : ConnState.OTH;
    }

    /** Nothing rejected is an answer: where no record was accepted, both directions are S0 like the first alone. */
    private ConnState udpState() {
        if (originator.flags() == Side.NO_RECORD) {
            return ConnState.SHR;
        }
        boolean answered = responder.flags() != Side.NO_RECORD && connection.anyAccepted();
        return answered ? ConnState.SF : ConnState.S0;
    }

    private int traits(EndReason reason) {
        return bit(Trait.FLAGS_PRESENT, connection.flagsKnown())
                | bit(Trait.MISSED_CLOSE, reason == EndReason.TCP_REUSE)
                | bit(Trait.CROSSED_SYN, crossedSyn())
                | bit(Trait.MIDSTREAM, tcpWithFlags && !anySyn() && connection.continues == null)
                | bit(Trait.ONE_SIDED, oneSided())
                | bit(Trait.MULTI_CONNECTION_SUSPECTED, connection.is(Tracked.MULTI_SUSPECTED))
                | bit(Trait.SIMULTANEOUS_OPEN, tcpWithFlags && Roles.simultaneous(connection))
                | bit(Trait.UNSOLICITED_SYNACK, unsolicitedSynAck())
                | bit(Trait.DEGRADED_KEY, connection.is(Tracked.DEGRADED));
    }

    private static int bit(Trait trait, boolean holds) {
        return holds ? trait.bit() : 0;
    }

    private boolean crossedSyn() {
        return connection.is(Tracked.CROSSED_SYN)
                || tcpWithFlags && originator.flags() == TcpFlags.SYN && responder.flags() == TcpFlags.SYN;
    }

    private boolean anySyn() {
        for (Observed one : connection.observed) {
            if ((one.flags & TcpFlags.SYN) != 0) {
                return true;
            }
        }
        return false;
    }

    /** More than an attempt can send, and nothing back: the other direction is simply not logged. */
    private boolean oneSided() {
        int opening = originator.flags() & ~(TcpFlags.SYN_ACK & ~TcpFlags.SYN);
        return tcpWithFlags
                && verdict == Verdict.ALLOWED
                && originator.flags() != Side.NO_RECORD
                && responder.flags() == Side.NO_RECORD
                && (opening == TcpFlags.SYN || opening == (TcpFlags.SYN | TcpFlags.FIN))
                && (originator.packets() > 7 || originator.bytes() > 100 * originator.packets());
    }

    private boolean unsolicitedSynAck() {
        return tcpWithFlags
                && connection.anyAccepted()
                && responder.flags() == TcpFlags.SYN_ACK
                && (originator.flags() == Side.NO_RECORD || originator.flags() == TcpFlags.RST);
    }

    private int synRecords() {
        if (key.protocol() != FlowRecord.TCP) {
            return 0;
        }
        return roles.originatorIsLower() ? connection.synRecordsLower : connection.synRecordsHigher;
    }

    private int trafficPath() {
        for (Observation one : observations) {
            if (one.own() && one.fromOriginator() && one.flowDirection() == FlowDirection.EGRESS) {
                int path = pathOf(one);
                if (path != Annotations.NO_PATH) {
                    return path;
                }
            }
        }
        return Annotations.NO_PATH;
    }

    private int pathOf(Observation observation) {
        for (Observed one : connection.observed) {
            boolean same = one.by(observation.observer())
                    && one.fromLower() == (observation.fromOriginator() == roles.originatorIsLower())
                    && one.accepted() == (observation.action() == Action.ACCEPT);
            if (same) {
                return one.trafficPath;
            }
        }
        return Annotations.NO_PATH;
    }

    private Continuation continuation() {
        Tombstone before = connection.continues;
        if (before == null) {
            return null;
        }
        return new Continuation(
                ConnectionId.of(key, before.start(), before.split()).text(),
                ConnectionId.of(key, before.firstStart(), before.firstSplit()).text(),
                before.firstStart());
    }
}
