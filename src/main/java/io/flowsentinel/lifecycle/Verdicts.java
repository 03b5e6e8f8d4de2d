package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.TcpFlags;

/** What security groups and network ACLs did to a connection: the first verdict that holds. */
final class Verdicts {

    /** How far apart a request and its denied answer may be, in seconds. */
    private static final long ANSWER_SECONDS = 60;

    private final Tracked connection;
    private final Observation[] observations;

    private Verdicts(Tracked connection, Observation[] observations) {
        this.connection = connection;
        this.observations = observations;
    }

    /**
     * The first verdict that holds.
     *
     * @param tcpWithFlags whether this is TCP and at least one record has flags
     * @param observations of the connection, sorted
     */
    static Verdict of(Tracked connection, boolean tcpWithFlags, Observation[] observations) {
        return new Verdicts(connection, observations).first(tcpWithFlags);
    }

    private Verdict first(boolean tcpWithFlags) {
        if (!any(false)) {
            return Verdict.ALLOWED;
        }
        if (tcpWithFlags && backscatter()) {
            return Verdict.UNSOLICITED_REJECT;
        }
        if (tcpWithFlags && noSynRejected()) {
            return Verdict.STALE_REJECT;
        }
        return byInterface();
    }

    private Verdict byInterface() {
        if (bothActionsInOneDirection()) {
            return Verdict.MIXED;
        }
        if (answerDenied()) {
            return Verdict.REPLY_DENIED;
        }
        if (acceptedElsewhere()) {
            return Verdict.DENIED_BY_DESTINATION;
        }
        return rejectedOnlyEgress() ? Verdict.DENIED_EGRESS : Verdict.DENIED;
    }

    private boolean any(boolean accepted) {
        for (Observed one : connection.observed) {
            if (one.accepted() == accepted) {
                return true;
            }
        }
        return false;
    }

    /** Every record is a REJECT of one direction, none egress, none SYN-only, at least one with SYN-ACK. */
    private boolean backscatter() {
        boolean direction = connection.observed[0].fromLower();
        boolean answers = false;
        for (Observed one : connection.observed) {
            if (one.accepted()
                    || one.fromLower() != direction
                    || one.has(Observed.EGRESS)
                    || one.has(Observed.SYN_ONLY)) {
                return false;
            }
            answers |= one.has(Observed.SYN_ACK);
        }
        return answers;
    }

    /** AWS also logs REJECT for packets that come after the close. */
    private boolean noSynRejected() {
        for (Observed one : connection.observed) {
            if (!one.accepted() && (one.flags & TcpFlags.SYN) != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean bothActionsInOneDirection() {
        for (Observation one : observations) {
            if (one.action() == Action.REJECT && acceptedBeside(one)) {
                return true;
            }
        }
        return false;
    }

    private boolean answerDenied() {
        for (Observation one : observations) {
            boolean deniedAnswer = one.action() == Action.REJECT && !one.fromOriginator() && !acceptedBeside(one);
            if (deniedAnswer && requestAccepted(one)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the same interface accepted packets of the same direction. */
    private boolean acceptedBeside(Observation rejected) {
        for (Observation one : observations) {
            if (one.action() == Action.ACCEPT
                    && one.fromOriginator() == rejected.fromOriginator()
                    && sameInterface(one, rejected)) {
                return true;
            }
        }
        return false;
    }

    private boolean requestAccepted(Observation answer) {
        for (Observation one : observations) {
            if (isRequestOf(answer, one)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRequestOf(Observation answer, Observation one) {
        return one.action() == Action.ACCEPT
                && one.fromOriginator()
                && sameInterface(one, answer)
                && one.start() - answer.end() <= ANSWER_SECONDS
                && answer.start() - one.end() <= ANSWER_SECONDS;
    }

    private boolean acceptedElsewhere() {
        for (Observation one : observations) {
            if (one.action() == Action.ACCEPT && one.fromOriginator() && rejectedElsewhere(one)) {
                return true;
            }
        }
        return false;
    }

    private boolean rejectedElsewhere(Observation accepted) {
        for (Observation one : observations) {
            if (one.action() == Action.REJECT && !sameInterface(one, accepted)) {
                return true;
            }
        }
        return false;
    }

    private boolean rejectedOnlyEgress() {
        for (Observed one : connection.observed) {
            if (!one.accepted() && (one.has(Observed.INGRESS) || one.has(Observed.NO_DIRECTION))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameInterface(Observation one, Observation other) {
        return one.observer().interfaceId().equals(other.observer().interfaceId());
    }
}
