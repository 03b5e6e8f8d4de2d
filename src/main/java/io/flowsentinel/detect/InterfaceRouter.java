package io.flowsentinel.detect;

import io.flowsentinel.detect.Contribution.Role;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.TcpFlags;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Connections by the interface at which their replies were rejected. On TCP that takes a rejected SYN-ACK, or no
 * accepted packet at all in that direction: AWS also logs REJECT for packets that come after the close. With ICMP
 * nobody can say who began, so ACCEPT one way and REJECT the other is enough.
 */
final class InterfaceRouter implements Router {

    /** How far apart an accepted packet and a rejected answer may be, in seconds. */
    private static final long REACH = 60;

    private final Rules rules;
    private final Networks networks;

    InterfaceRouter(Rules rules, Networks networks) {
        this.rules = rules;
        this.networks = networks;
    }

    @Override
    public void route(Connection connection, Consumer<Contribution> out) {
        boolean icmp = NaclReplyDrop.icmp(connection.protocol());
        if (!icmp && !repliesDenied(connection)) {
            return;
        }
        Set<String> routed = new TreeSet<>();
        for (Observation rejected : connection.observations()) {
            if (rejected.action() == Action.REJECT
                    && (icmp ? oneWay(connection, rejected) : replyRejected(connection, rejected))) {
                String side = side(connection, rejected);
                if (routed.add(rejected.observer().interfaceId() + " " + side)) {
                    out.accept(contribution(connection, rejected, side));
                }
            }
        }
    }

    private static boolean repliesDenied(Connection connection) {
        return connection.verdict() == Verdict.REPLY_DENIED
                && (connection.protocol() != FlowRecord.TCP || connection.has(Trait.FLAGS_PRESENT));
    }

    /** The originator's packets passed at this interface, and none of the answers did. */
    private static boolean replyRejected(Connection connection, Observation rejected) {
        return !rejected.fromOriginator()
                && here(connection, rejected, Action.ACCEPT, true) != null
                && here(connection, rejected, Action.ACCEPT, false) == null
                && (connection.protocol() != FlowRecord.TCP
                        || TcpFlags.answers(rejected.flags())
                        || !any(connection, seen -> !seen.fromOriginator() && seen.action() == Action.ACCEPT));
    }

    /** At this interface one way only passed and the other way was only rejected. */
    private static boolean oneWay(Connection connection, Observation rejected) {
        boolean way = rejected.fromOriginator();
        Observation passed = here(connection, rejected, Action.ACCEPT, !way);
        return passed != null
                && here(connection, rejected, Action.ACCEPT, way) == null
                && here(connection, rejected, Action.REJECT, !way) == null
                && (connection.verdict() == Verdict.REPLY_DENIED || apart(passed, rejected) <= REACH);
    }

    private static long apart(Observation one, Observation other) {
        return Math.max(one.start(), other.start()) - Math.min(one.end(), other.end());
    }

    private static Observation here(Connection connection, Observation at, Action action, boolean fromOriginator) {
        String interfaceId = at.observer().interfaceId();
        for (Observation seen : connection.observations()) {
            if (seen.action() == action
                    && seen.fromOriginator() == fromOriginator
                    && interfaceId.equals(seen.observer().interfaceId())) {
                return seen;
            }
        }
        return null;
    }

    private static boolean any(Connection connection, Predicate<Observation> predicate) {
        return connection.observations().stream().anyMatch(predicate);
    }

    /** The way the rejected packets went at the interface; where the log does not say, the way out of the network. */
    private String side(Connection connection, Observation rejected) {
        if (rejected.flowDirection() != FlowDirection.ABSENT) {
            return rejected.flowDirection() == FlowDirection.EGRESS ? "egress" : "ingress";
        }
        boolean from = networks.internal(rejected.fromOriginator() ? connection.originator() : connection.responder());
        boolean to = networks.internal(rejected.fromOriginator() ? connection.responder() : connection.originator());
        if (from == to) {
            return "unknown";
        }
        return from ? "egress" : "ingress";
    }

    private Contribution contribution(Connection connection, Observation rejected, String side) {
        String interfaceId = rejected.observer().interfaceId();
        AllowEntry entry = AllowEntry.first(rules.rule(NaclReplyDrop.ID).allow(), connection);
        return new Contribution(
                rejected.observer().scope() + " " + interfaceId,
                Role.COUNTS,
                connection.id(),
                rejected.observer().scope(),
                connection.originator().endpoint(),
                connection.responder().endpoint(),
                connection.protocol(),
                connection.state(),
                connection.verdict(),
                networks.internal(connection.originator()),
                networks.internal(connection.responder()),
                0,
                connection.start(),
                connection.decidedAt(),
                connection.has(Trait.COVERAGE_GAP),
                interfaceId,
                side,
                entry == null ? Map.of() : Map.of(NaclReplyDrop.ID, entry.toString()),
                List.copyOf(connection.evidence()));
    }
}
