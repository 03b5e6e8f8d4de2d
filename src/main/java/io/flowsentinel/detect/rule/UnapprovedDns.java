package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.Cidr;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.DirectionEvidence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An internal address was answered by a public DNS server that is not among the approved resolvers; one finding a UTC
 * day. Approved resolvers themselves may ask whom they like. Public clients of a name server of one's own are no
 * questions of that server, even those that ask from port 53.
 */
final class UnapprovedDns implements Detector {

    static final String ID = "unapproved-dns";

    static final Family FAMILY = Family.ofHours(7)
            .rule(ID, rules -> new UnapprovedDns(rules.rule(ID)))
            .connections(Routing::new);

    private static final String RESOLVERS = "resolvers";

    private final RuleSettings rule;

    UnapprovedDns(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return 1;
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        Map<String, List<PaneTally>> byDay = new LinkedHashMap<>();
        for (PaneTally entry : window.tallies()) {
            byDay.computeIfAbsent(entry.cell().side(), unseen -> new ArrayList<>())
                    .add(entry);
        }
        List<Sighting> sightings = new ArrayList<>();
        byDay.forEach((day, all) ->
                AllowLists.accuse(ID, all, tallies -> condition(day, tallies)).ifPresent(sightings::add));
        return sightings;
    }

    private Sighting.Builder condition(String day, List<PaneTally> tallies) {
        Set<Long> resolvers = new TreeSet<>();
        Set<String> names = new TreeSet<>();
        for (PaneTally entry : tallies) {
            resolvers.add(Cell.fingerprint(entry.cell().address(), 0, 0));
            names.add(entry.cell().address().toString());
        }
        Sample example = tallies.get(0).tally().first();
        EntityField endpoint =
                new EntityField("endpoint", example.originator().address().toString());
        return Sighting.of(rule, List.of(endpoint), tallies)
                .scope(example.scope())
                .severity(Severity.MEDIUM)
                .day(Long.parseLong(day))
                .distinct(RESOLVERS, resolvers)
                .list(RESOLVERS, names);
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Unapproved DNS: %s was answered by %s%s, %s"
                .formatted(
                        entity.get("endpoint"),
                        Wording.counted(numbers.get(RESOLVERS), "public resolver"),
                        Wording.named(entity, RESOLVERS),
                        Wording.counted(numbers.get(Sighting.CONNECTIONS), "connection"));
    }

    /** Accepted and answered connections to public DNS servers, by who asked. */
    static final class Routing implements ConnectionRouter {

        private static final int DNS = 53;
        private static final int DNS_OVER_TLS = 853;
        private static final Cell INNER = Cell.ofSubject(null);

        private final List<Cidr> resolvers;
        private final List<RuleSettings> judging;

        Routing(Rules rules) {
            this.resolvers = rules.resolvers();
            this.judging = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection connection, Marks marks) {
            if (!connection.originatorInternal() || !connection.responderPublic()) {
                return;
            }
            marks.translated(FAMILY, INNER, connection);
            boolean dns = connection.port() == DNS || connection.port() == DNS_OVER_TLS;
            if (dns && answered(connection) && !approved(connection)) {
                Subject subject = Subject.of(FAMILY.space(), connection.originatorScope(), connection.originator());
                marks.count(subject, cell(connection), connection);
            }
        }

        /** Over UDP, and in a log without flags, ports alone tell who asked; where both are the same, nobody knows. */
        private static boolean answered(ClosedConnection connection) {
            if (connection.tcp() && !connection.flagless()) {
                return connection.answered() && connection.passed(true);
            }
            return (connection.udp() ? connection.bothPassed() : connection.completed())
                    && connection.connection().directionEvidence() != DirectionEvidence.NONE;
        }

        private boolean approved(ClosedConnection connection) {
            for (Cidr resolver : resolvers) {
                if (resolver.contains(connection.responder()) || resolver.contains(connection.originator())) {
                    return true;
                }
            }
            return false;
        }

        private Cell cell(ClosedConnection connection) {
            long day = Math.floorDiv(connection.start(), Detector.DAY) * Detector.DAY;
            return new Cell(
                    connection.responder(),
                    connection.port(),
                    connection.protocol(),
                    String.valueOf(day),
                    AllowLists.covering(judging, connection));
        }
    }
}
