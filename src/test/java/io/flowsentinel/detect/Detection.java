package io.flowsentinel.detect;

import io.flowsentinel.detect.Ruling.Hearing;
import io.flowsentinel.detect.Watch.Dossier;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.CountedRecord;
import io.flowsentinel.detect.judging.CoverageRouter;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.LedgerInMemory;
import io.flowsentinel.detect.judging.MemoryInMemory;
import io.flowsentinel.detect.judging.RecordRouter;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.VolumeRecords;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Event;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FoldedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Runs one family of rules without Flink: routes, keeps and judges. */
public final class Detection {

    /** How many findings of a subject may be open in each feed. */
    public static final int MAX_OPEN = Findings.MAX_OPEN;

    private final PartialTallies tallies = new PartialTallies(block -> block.forEach(this::observe));
    private final ConnectionRouter router;
    private final RecordRouter recordRouter;
    private final CoverageRouter coverageRouter;
    private final FamilyMarks marks;
    private final Watch watch;
    private final Map<Subject, Dossier> subjects = new LinkedHashMap<>();
    private final List<Alert> alerts = new ArrayList<>();
    private final List<Ruling> all = new ArrayList<>();
    private final Set<String> ties = new TreeSet<>();
    private long now = Long.MIN_VALUE;

    private Detection(Family family, Rules rules, Duration interval) {
        this.router = family.connectionRouter(rules);
        this.recordRouter = family.recordRouter(rules);
        this.coverageRouter = family.coverageRouter();
        this.marks = new FamilyMarks(family, family.panes(interval), tallies);
        this.watch = new Watch(family, rules, interval);
    }

    /** The id of the finding that begins in a pane, see {@link FindingId}. */
    public static String findingId(String ruleId, int version, String scope, String entity, long firstPane) {
        return FindingId.of(ruleId, version, scope, entity, firstPane);
    }

    public static Detection of(Family family) {
        return of(family, "");
    }

    public static Detection of(Family family, String rules) {
        return new Detection(family, Rules.load(rules, "rules.yaml"), Duration.ofSeconds(60));
    }

    public static Detection of(Family family, Rules rules) {
        return new Detection(family, rules, Duration.ofSeconds(60));
    }

    public static Detection of(Family family, Duration interval) {
        return new Detection(family, Rules.defaults(), interval);
    }

    public Detection see(Connections connection) {
        return see(connection.close());
    }

    public Detection see(Connection connection) {
        ClosedConnection seen = new ClosedConnection(connection, Networks.byDefault());
        if (connection.event() == Event.CLOSE) {
            router.route(seen, marks);
        } else if (connection.event() == Event.AGED) {
            router.routeAged(seen, marks);
        }
        router.tellDue(Long.MAX_VALUE, marks);
        return this;
    }

    public Detection see(VolumeRecords sent) {
        return see(sent.folded());
    }

    public Detection see(FoldedRecord folded) {
        recordRouter.route(new CountedRecord(folded, Networks.byDefault()), marks);
        return this;
    }

    public Detection see(CoverageRecord coverage) {
        coverageRouter.route(coverage, marks);
        return this;
    }

    private void observe(Partial partial) {
        Dossier dossier = subjects.computeIfAbsent(
                partial.part().subject(),
                unseen -> new Dossier(new Agenda(0), new LedgerInMemory(), new Findings(), new MemoryInMemory()));
        watch.observe(dossier.agenda(), dossier.ledger(), partial.part().pane(), partial.page(), now);
    }

    /** Moves event time to this many seconds after {@link Connections#T0}. */
    public Detection until(long seconds) {
        long time = Connections.T0 + seconds;
        if (recordRouter != null) {
            recordRouter.tellDue(time, marks);
        }
        tallies.send();
        now = time;
        subjects.values().forEach(dossier -> take(watch.judgeThrough(dossier, now)));
        subjects.values().removeIf(dossier -> dossier.agenda().isEmpty());
        return this;
    }

    private void take(List<Ruling> rulings) {
        rulings.forEach(ruling -> {
            all.add(ruling);
            if (ruling.alert() == null || ruling.hearing() != Hearing.READERS) {
                return;
            }
            alerts.add(ruling.alert());
            if (ruling.ties() != null) {
                ties.addAll(ruling.ties());
            }
        });
    }

    public Detection finish() {
        if (recordRouter != null) {
            recordRouter.tellDue(Long.MAX_VALUE, marks);
        }
        tallies.send();
        subjects.values().forEach(dossier -> take(watch.finish(dossier)));
        return this;
    }

    /** All alerts so far, suppressed ones too, in an order that does not depend on when they were made. */
    public List<Alert> all() {
        return alerts.stream()
                .sorted(Comparator.comparingLong(Alert::timeMillis)
                        .thenComparing(Alert::findingId)
                        .thenComparing(Alert::activity))
                .toList();
    }

    /** Alerts of the main feed. */
    public List<Alert> alerts() {
        return alerts.stream().filter(alert -> !alert.suppressed()).toList();
    }

    public List<Alert> suppressed() {
        return alerts.stream().filter(Alert::suppressed).toList();
    }

    public List<Alert> creates() {
        return alerts().stream()
                .filter(alert -> alert.activity() == Activity.CREATE)
                .toList();
    }

    /** All that goes to those who settle findings. */
    public List<Ruling> rulings() {
        return all;
    }

    /** Whom the findings are about, see {@link Ties}. */
    public Set<String> ties() {
        return ties;
    }

    /** Sightings that began no episode because too many were open. */
    public long refused() {
        return watch.takeRefused();
    }

    /** Panes with more than is told apart. */
    long overflows() {
        return watch.takeOverflows();
    }

    public int keysKept() {
        return subjects.size();
    }
}
