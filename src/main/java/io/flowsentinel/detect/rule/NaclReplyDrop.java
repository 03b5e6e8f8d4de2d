package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.AllowEntry;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.TcpFlags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A network ACL, which unlike a security group knows no connections, accepts one way and rejects the replies. The
 * entity's {@code direction} is that of the rejected replies at the interface: {@code egress} where the responder is
 * behind it, {@code ingress} where the originator is.
 */
final class NaclReplyDrop implements Detector {

    static final String ID = "nacl-reply-drop";

    static final Family FAMILY = Family.ofMinutes(3)
            .rule(ID, rules -> new NaclReplyDrop(rules.rule(ID)))
            .connections(Routing::new);

    private final RuleSettings rule;

    NaclReplyDrop(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return Math.min(rule.threshold("connections"), rule.threshold("icmp"));
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        Map<List<EntityField>, List<PaneTally>> byEntity = new LinkedHashMap<>();
        for (PaneTally entry : window.tallies()) {
            byEntity.computeIfAbsent(entity(entry), unseen -> new ArrayList<>()).add(entry);
        }
        List<Sighting> sightings = new ArrayList<>();
        byEntity.forEach((entity, all) -> AllowLists.accuse(ID, all, tallies -> condition(entity, tallies))
                .ifPresent(sightings::add));
        return sightings;
    }

    private Sighting.Builder condition(List<EntityField> entity, List<PaneTally> tallies) {
        PaneTally first = tallies.get(0);
        double threshold = rule.threshold(icmp(first.cell().protocol()) ? "icmp" : "connections");
        long connections =
                tallies.stream().mapToLong(entry -> entry.tally().count()).sum();
        if (connections < threshold) {
            return null;
        }
        return Sighting.of(rule, entity, tallies)
                .scope(first.tally().first().scope())
                .severity(Severity.LOW)
                .over(Sighting.CONNECTIONS, threshold);
    }

    static boolean icmp(int protocol) {
        return protocol == FlowRecord.ICMP || protocol == FlowRecord.ICMPV6;
    }

    private static List<EntityField> entity(PaneTally entry) {
        Cell cell = entry.cell();
        List<EntityField> entity = new ArrayList<>();
        if (!icmp(cell.protocol())) {
            entity.add(new EntityField("port", String.valueOf(cell.port())));
        }
        entity.add(new EntityField("protocol", String.valueOf(cell.protocol())));
        entity.add(new EntityField("interface", entry.tally().first().interfaceId()));
        entity.add(new EntityField("direction", cell.side()));
        return List.copyOf(entity);
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Network ACL rejects replies: %s of %s at %s, %s"
                .formatted(
                        entity.get("direction"),
                        service(entity),
                        entity.get("interface"),
                        Wording.counted(numbers.get("connections"), "connection"));
    }

    private static String service(Map<String, String> entity) {
        String protocol = entity.get("protocol");
        String name =
                switch (protocol) {
                    case "1" -> "ICMP";
                    case "6" -> "TCP";
                    case "17" -> "UDP";
                    case "58" -> "ICMPv6";
                    default -> "protocol " + protocol;
                };
        return entity.containsKey("port") ? name + " port " + entity.get("port") : name;
    }

    /**
     * Connections by the interface at which their replies were rejected. On TCP that takes a rejected SYN-ACK, or no
     * accepted packet at all in that direction: AWS also logs REJECT for packets that come after the close. With ICMP
     * nobody can say who began, so ACCEPT one way and REJECT the other is enough.
     */
    static final class Routing implements ConnectionRouter {

        /** How far apart an accepted packet and a rejected answer may be, in seconds. */
        private static final long REACH = 60;

        private final List<AllowEntry> allow;

        Routing(Rules rules) {
            this.allow = rules.rule(ID).allow();
        }

        @Override
        public void route(ClosedConnection closed, Marks marks) {
            Connection connection = closed.connection();
            boolean icmp = icmp(connection.protocol());
            if (!icmp && !repliesDenied(connection)) {
                return;
            }
            Set<String> routed = new TreeSet<>();
            for (Observation rejected : connection.observations()) {
                if (rejected.action() == Action.REJECT
                        && (icmp ? oneWay(connection, rejected) : replyRejected(connection, rejected))) {
                    String side = side(closed, rejected);
                    if (routed.add(rejected.observer().interfaceId() + " " + side)) {
                        mark(closed, rejected, side, marks);
                    }
                }
            }
        }

        private void mark(ClosedConnection closed, Observation rejected, String side, Marks marks) {
            String scope = rejected.observer().scope();
            String interfaceId = rejected.observer().interfaceId();
            AllowEntry entry = AllowEntry.first(allow, closed.connection());
            Cell cell = new Cell(
                    null,
                    icmp(closed.protocol()) ? 0 : closed.port(),
                    closed.protocol(),
                    side,
                    entry == null ? Map.of() : Map.of(ID, entry.toString()));
            Tally tally = Tally.of(closed.sample(scope, interfaceId), closed.coverageGap());
            marks.add(Subject.of(FAMILY.space(), scope, interfaceId), cell, closed, tally);
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
        private static String side(ClosedConnection closed, Observation rejected) {
            if (rejected.flowDirection() != FlowDirection.ABSENT) {
                return rejected.flowDirection() == FlowDirection.EGRESS ? "egress" : "ingress";
            }
            boolean fromInternal = rejected.fromOriginator() ? closed.originatorInternal() : closed.responderInternal();
            boolean toInternal = rejected.fromOriginator() ? closed.responderInternal() : closed.originatorInternal();
            if (fromInternal == toInternal) {
                return "unknown";
            }
            return fromInternal ? "egress" : "ingress";
        }
    }
}
