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
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * One originator opened a connection to the same responder every second of a day, or as many as that, and one of the two
 * is public. The number is RITA's. What an internal originator tries in vain counts too.
 *
 * <p>What looks alike and does not count: attempts from outside that nobody answers, which are scans and floods, each
 * with a rule of its own; UDP, whose direction is a guess, or every resolver would be a strobe; and
 * connections known by an unsolicited SYN-ACK alone, which the one taken for the originator did not open.
 */
final class Strobe implements Detector {

    static final String ID = "strobe";

    static final Family FAMILY = Family.ofHours(10)
            .resting()
            .rule(ID, rules -> new Strobe(rules.rule(ID)))
            .connections(Routing::new);

    private final RuleSettings rule;

    Strobe(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return rule.threshold("opens");
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        List<PaneTally> all = window.tallies();
        return all.isEmpty()
                ? List.of()
                : AllowLists.accuse(ID, all, this::condition).stream().toList();
    }

    private Sighting.Builder condition(List<PaneTally> tallies) {
        long opens = tallies.stream().mapToLong(entry -> entry.tally().count()).sum();
        if (opens < rule.threshold("opens")) {
            return null;
        }
        Sample example = tallies.get(0).tally().first();
        List<EntityField> entity = List.of(
                new EntityField("originator", example.originator().address().toString()),
                new EntityField("responder", example.responder().address().toString()));
        return Sighting.of(rule, entity, tallies)
                .scope(example.internal() ? example.scope() : null)
                .severity(Severity.MEDIUM)
                .over(Sighting.CONNECTIONS, rule.threshold("opens"))
                .ties(List.of(Ties.pair(example)));
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Strobe: %s opened %s to %s"
                .formatted(
                        entity.get("originator"),
                        Wording.counted(numbers.get(Sighting.CONNECTIONS), "connection"),
                        entity.get("responder"));
    }

    /** Connections with one public side, by the pair. */
    static final class Routing implements ConnectionRouter {

        private final List<RuleSettings> rules;

        Routing(Rules rules) {
            this.rules = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection connection, Marks marks) {
            if (!connection.tcp()
                    || !(connection.responderPublic() || connection.originatorPublic())
                    || !connection.connection().rolesKnown()
                    || connection.connection().has(Trait.UNSOLICITED_SYNACK)
                    || !connection.originatorInternal() && !connection.answered()) {
                return;
            }
            marks.translated(cell(Map.of()), connection, gateway -> subject(connection, gateway));
            Subject subject = subject(connection, connection.originator());
            marks.count(subject, cell(AllowLists.covering(rules, connection)), connection);
        }

        private static Subject subject(ClosedConnection connection, IpAddress originator) {
            return Subject.of(FAMILY.space(), connection.originatorScope(), originator, connection.responder());
        }

        /** One for all ports: the pair is judged, and a scan of all ports must not overflow a pane. */
        private static Cell cell(Map<String, String> allowedBy) {
            return new Cell(null, 0, FlowRecord.TCP, null, allowedBy);
        }
    }
}
