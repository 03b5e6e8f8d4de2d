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
import io.flowsentinel.model.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * One originator failed, over a day, to connect to many ports of many responders, too slowly for any other scan rule, and
 * hardly ever got through. TCP and UDP are counted apart, against the same threshold. What a live finding of those rules
 * counts does not count here, and a client with broken destinations among working ones is none: so a busy proxy or a
 * health checker stays silent by its successes.
 */
final class SlowScan implements Detector {

    static final String ID = "slow-scan";

    /** A live finding of another scan rule has counted the pair. */
    static final int ACCOUNTED = 1 << 2;

    static final Family FAMILY = Family.ofHours(4)
            .sharingSubjectsOf(ScanRouter.FAMILY)
            .hearing(ScanRouter.FAMILY, ACCOUNTED)
            .resting()
            .rule(ID, rules -> new SlowScan(rules.rule(ID)))
            .connections(Routing::new);

    /** Of connections that did not fail: how many the originator opened, told apart by whether they succeeded. */
    static final Cell SUCCESSFUL = Cell.ofSubject("successful");

    static final Cell UNDECIDED = Cell.ofSubject("undecided");

    private static final String PAIRS = "pairs";
    private static final String SUCCESS = "success";

    private final RuleSettings rule;

    SlowScan(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return rule.threshold(PAIRS);
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        long successful = window.times(SUCCESSFUL);
        long opened = successful + window.times(UNDECIDED);
        List<PaneTally> left = new ArrayList<>();
        for (PaneTally entry : window.tallies()) {
            opened += entry.tally().count();
            if (!window.knows(entry.cell(), ACCOUNTED)) {
                left.add(entry);
            }
        }
        if (left.isEmpty() || successful >= rule.threshold(SUCCESS) * opened) {
            return List.of();
        }
        long all = opened;
        return AllowLists.accuse(ID, left, tallies -> condition(tallies, successful, all)).stream()
                .toList();
    }

    private Sighting.Builder condition(List<PaneTally> tallies, long successful, long opened) {
        if (tallies.size() < least() || Scan.most(tallies) < least()) {
            return null;
        }
        Sample example = tallies.get(0).tally().first();
        EntityField originator =
                new EntityField("originator", example.originator().address().toString());
        return Sighting.of(rule, List.of(originator), tallies)
                .scope(example.internal() ? example.scope() : null)
                .severity(example.internal() ? Severity.MEDIUM : Severity.INFORMATIONAL)
                .over(PAIRS, least())
                .distinct(PAIRS, Scan.distinct(tallies, Scan::tcp))
                .distinct(Sighting.UDP + PAIRS, Scan.distinct(tallies, cell -> !Scan.tcp(cell)))
                .peak("successful", successful)
                .peak("opened", opened)
                .context(Scan.ORIGINATOR, Scan.whose(example))
                .ties(List.of(Ties.originator(example)));
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Slow scan: %s tried %s in vain, %s succeeded"
                .formatted(
                        entity.get("originator"),
                        Scan.counted(numbers, PAIRS, "host and port pair"),
                        Wording.counted(numbers.get("successful"), "connection"));
    }

    /**
     * TCP and UDP connections by who opened them. Failed ones count; of the others it is known only how many there are,
     * for the share of successful ones.
     */
    static final class Routing implements ConnectionRouter {

        private final List<RuleSettings> rules;
        private static final int SUCCESS = 0;

        private static final int OTHER = 1;

        private final HowOften<IpAddress> opened = HowOften.ofAddresses(
                (scope, originator) -> Subject.of(FAMILY.space(), scope, originator), SUCCESSFUL, UNDECIDED);

        Routing(Rules rules) {
            this.rules = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection connection, Marks marks) {
            if (!connection.tcp() && !connection.udp()) {
                return;
            }
            marks.translated(FAMILY, UNDECIDED, connection);
            if (connection.failed() || connection.rejectedUdp()) {
                Subject subject = Subject.of(FAMILY.space(), connection.originatorScope(), connection.originator());
                marks.count(subject, ScanRouter.cell(connection, AllowLists.covering(rules, connection)), connection);
            } else {
                boolean flags = connection.tcp() && !connection.flagless();
                boolean successful = flags ? connection.successful() : connection.completed();
                long pane = marks.panes().entering(connection.start(), connection.decidedAt());
                int kind = successful ? SUCCESS : OTHER;
                opened.count(connection.originatorScope(), connection.originator(), pane, kind, marks);
            }
        }

        @Override
        public void tellDue(long time, Marks marks) {
            opened.tellDue(time, marks);
        }
    }
}
