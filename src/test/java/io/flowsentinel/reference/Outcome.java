package io.flowsentinel.reference;

import io.flowsentinel.model.FlowRecord;
import java.util.List;

/** What became of a connection: its state, its verdict and what may be true of it besides. */
final class Outcome {

    private final Folded folded;
    private final ConnectionRecords connection;
    private final Roles roles;
    private final String verdict;
    private final Volume sent;
    private final Volume received;
    private final int originatorFlags;
    private final int responderFlags;

    Outcome(Folded folded, Roles roles, List<Sight> sights) {
        this.folded = folded;
        this.connection = folded.records();
        this.roles = roles;
        this.verdict = Verdicts.of(connection, sights);
        this.sent = Volume.of(sights, true);
        this.received = Volume.of(sights, false);
        this.originatorFlags = connection.flags(roles.originatorIsLower());
        this.responderFlags = connection.flags(!roles.originatorIsLower());
    }

    String verdict() {
        return verdict;
    }

    Volume sent() {
        return sent;
    }

    Volume received() {
        return received;
    }

    int originatorFlags() {
        return originatorFlags;
    }

    int responderFlags() {
        return responderFlags;
    }

    String state() {
        return switch (connection.key().protocol()) {
            case FlowRecord.TCP -> connection.tcpWithFlags() ? tcpState() : "OTH";
            case FlowRecord.UDP -> udpState();
            default -> "OTH";
        };
    }

    private String tcpState() {
        if (connection.anyAccepted()) {
            return ConnStates.of(originatorFlags, responderFlags);
        }
        return Flags.synOnly(originatorFlags) ? "S0" : "OTH";
    }

    private String udpState() {
        if (originatorFlags == Flags.NO_RECORD) {
            return "SHR";
        }
        return responderFlags != Flags.NO_RECORD && connection.anyAccepted() ? "SF" : "S0";
    }

    boolean crossedSyn() {
        boolean bothOnlySyn = originatorFlags == Flags.SYN && responderFlags == Flags.SYN;
        return folded.crossedSyn() || connection.tcpWithFlags() && bothOnlySyn;
    }

    long synRecords() {
        if (connection.key().protocol() != FlowRecord.TCP) {
            return 0;
        }
        return connection.all().stream()
                .filter(flow -> connection.fromLower(flow) == roles.originatorIsLower())
                .filter(flow -> Flags.synOnly(Flags.masked(flow.tcpFlags())))
                .count();
    }

    boolean midstream() {
        return connection.tcpWithFlags()
                && !connection.any(flow -> Flags.has(Flags.masked(flow.tcpFlags()), Flags.SYN))
                && folded.continues() == null;
    }

    /** Cells (c) of the state table, where more was sent than an attempt can send. */
    boolean oneSided() {
        boolean opened = originatorFlags == Flags.SYN
                || originatorFlags == (Flags.SYN | Flags.FIN)
                || originatorFlags == Flags.SYN_ACK
                || originatorFlags == (Flags.SYN_ACK | Flags.FIN);
        return connection.tcpWithFlags()
                && opened
                && responderFlags == Flags.NO_RECORD
                && verdict.equals("allowed")
                && (sent.packets() > 7 || sent.bytes() > 100 * sent.packets());
    }

    boolean simultaneousOpen() {
        return connection.tcpWithFlags()
                && Flags.synAck(connection.flagsOfBothActions(true))
                && Flags.synAck(connection.flagsOfBothActions(false));
    }

    /** Cells (a) of the state table. */
    boolean unsolicitedSynAck() {
        return connection.tcpWithFlags()
                && connection.anyAccepted()
                && responderFlags == Flags.SYN_ACK
                && (originatorFlags == Flags.NO_RECORD || originatorFlags == Flags.RST);
    }
}
