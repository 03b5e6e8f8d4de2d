package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Notable;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.AllowEntry;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A responder answered a public originator on an administration or database port; one finding a UTC day. Sources that
 * an allow-list entry names make it less severe, not silent: the port is open all the same. An entry that names no
 * source says that the exposure itself is meant.
 */
final class ExposedAdminService implements Detector {

    static final String ID = "exposed-admin-service";

    static final Family FAMILY = Family.ofHours(2)
            .rule(ID, rules -> new ExposedAdminService(rules.rule(ID)))
            .connections(Routing::new);

    /** Key of {@link Cell#allowedBy} for an entry that names the source. */
    static final String KNOWN_SOURCE = ID + " source";

    private static final String ORIGINATORS = "originators";

    private final RuleSettings rule;

    ExposedAdminService(RuleSettings rule) {
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
        Map<List<String>, List<PaneTally>> byDayAndPort = new LinkedHashMap<>();
        for (PaneTally entry : window.tallies()) {
            Cell cell = entry.cell();
            byDayAndPort
                    .computeIfAbsent(List.of(cell.side(), String.valueOf(cell.port())), unseen -> new ArrayList<>())
                    .add(entry);
        }
        List<Sighting> sightings = new ArrayList<>();
        byDayAndPort.forEach((key, all) ->
                AllowLists.accuse(ID, all, tallies -> condition(key, tallies)).ifPresent(sightings::add));
        return sightings;
    }

    private Sighting.Builder condition(List<String> key, List<PaneTally> tallies) {
        Sample example = tallies.get(0).tally().first();
        boolean knownOnly =
                tallies.stream().allMatch(entry -> entry.cell().allowedBy().containsKey(KNOWN_SOURCE));
        Set<Long> originators = new TreeSet<>();
        Set<String> names = new TreeSet<>();
        for (PaneTally entry : tallies) {
            originators.add(Cell.fingerprint(entry.cell().address(), 0, 0));
            names.add(entry.cell().address().toString());
        }
        List<EntityField> entity = List.of(
                new EntityField("responder", example.responder().address().toString()),
                new EntityField("port", key.get(1)));
        return Sighting.of(rule, entity, tallies)
                .scope(example.scope())
                .severity(knownOnly ? Severity.LOW : Severity.HIGH)
                .day(Long.parseLong(key.get(0)))
                .distinct(ORIGINATORS, originators)
                .list(ORIGINATORS, names)
                .notable(Notable.heaviest(tallies, "largest_connection", ExposedAdminService::largest))
                .ties(List.of(Ties.responder(example)));
    }

    /** Among many failed logins the one session that moved something. */
    private static String largest(PaneTally entry) {
        Sample sample = entry.tally().heaviest();
        return "%s of %s, %d bytes"
                .formatted(
                        sample.connectionId(),
                        sample.originator().address(),
                        entry.tally().weight());
    }

    /** Answered connections of public originators on administration and database ports, by responder. */
    static final class Routing implements ConnectionRouter {

        private final Rules rules;
        private final List<AllowEntry> allow;

        Routing(Rules rules) {
            this.rules = rules;
            this.allow = rules.rule(ID).allow();
        }

        @Override
        public void route(ClosedConnection connection, Marks marks) {
            if (connection.answered() && connection.originatorPublic() && rules.adminOrDatabase(connection.port())) {
                Subject subject =
                        Subject.of(FAMILY.space(), connection.connection().scope(), connection.responder());
                Sample sample = connection.sample();
                long bytes = sample.originatorParty().bytes()
                        + sample.responderParty().bytes();
                Tally tally = Tally.of(sample, connection.coverageGap()).heaviest(sample, bytes);
                marks.add(subject, cell(connection), connection, tally);
            }
        }

        private Cell cell(ClosedConnection connection) {
            long day = Math.floorDiv(connection.start(), Detector.DAY) * Detector.DAY;
            return new Cell(
                    connection.originator(),
                    connection.port(),
                    connection.protocol(),
                    String.valueOf(day),
                    allowedBy(connection));
        }

        private Map<String, String> allowedBy(ClosedConnection connection) {
            Map<String, String> allowedBy = new HashMap<>();
            for (AllowEntry entry : allow) {
                if (entry.covers(connection.connection())) {
                    allowedBy.putIfAbsent(entry.namesSource() ? KNOWN_SOURCE : ID, entry.toString());
                }
            }
            return Map.copyOf(allowedBy);
        }
    }

    @Override
    public Wording wording() {
        return (fields, numbers) -> "Exposed service: %s answered %s%s on port %s, %s"
                .formatted(
                        fields.get("responder"),
                        Wording.counted(numbers.get(ORIGINATORS), "public originator"),
                        Wording.named(fields, ORIGINATORS),
                        fields.get("port"),
                        Wording.counted(numbers.get("connections"), "connection"));
    }
}
