package io.flowsentinel.detect;

import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs one group of rules without Flink: routes, keeps and judges. */
final class Detection {

    private final Group group;
    private final Router router;
    private final Panes panes;
    private final Watch watch;
    private final Map<String, Kept> keys = new TreeMap<>();
    private final List<Alert> alerts = new ArrayList<>();
    private long now = Long.MIN_VALUE;

    /** What is kept of one key. */
    private static final class Kept {
        final Agenda agenda = new Agenda();
        final LedgerInMemory ledger = new LedgerInMemory();
        final Findings findings = new Findings();
    }

    private Detection(Group group, Rules rules, Duration interval) {
        this.group = group;
        this.panes = group.panes(interval);
        this.router = group.router(rules, Networks.byDefault(), panes);
        this.watch = new Watch(group.court(rules), panes, interval, rules.version());
    }

    static Detection of(Group group) {
        return of(group, "");
    }

    static Detection of(Group group, String rules) {
        return new Detection(group, Rules.load(rules, "rules.yaml"), Duration.ofSeconds(60));
    }

    static Detection of(Group group, Duration interval) {
        return new Detection(group, Rules.defaults(), interval);
    }

    Detection see(Connections connection) {
        return see(connection.close());
    }

    Detection see(Connection connection) {
        if (connection.event() == Event.CLOSE) {
            router.route(connection, contribution -> {
                Kept kept = keys.computeIfAbsent(contribution.key(), unseen -> new Kept());
                watch.observe(kept.agenda, kept.ledger, contribution, group.cell(contribution), now);
            });
        }
        return this;
    }

    /** Moves event time to this many seconds after {@link Connections#T0}. */
    Detection until(long seconds) {
        now = Connections.T0 + seconds;
        keys.values().forEach(kept -> alerts.addAll(watch.judgeThrough(kept.agenda, kept.ledger, kept.findings, now)));
        keys.values().removeIf(kept -> kept.ledger.tallies.isEmpty() && kept.findings.isEmpty());
        return this;
    }

    Detection finish() {
        keys.values().forEach(kept -> alerts.addAll(watch.finish(kept.agenda, kept.ledger, kept.findings)));
        return this;
    }

    /** All alerts so far, suppressed ones too, in an order that does not depend on when they were made. */
    List<Alert> all() {
        return alerts.stream()
                .sorted(Comparator.comparingLong(Alert::timeMillis)
                        .thenComparing(Alert::findingId)
                        .thenComparing(Alert::activity))
                .toList();
    }

    /** Alerts of the main feed. */
    List<Alert> alerts() {
        return alerts.stream().filter(alert -> !alert.suppressed()).toList();
    }

    List<Alert> suppressed() {
        return alerts.stream().filter(Alert::suppressed).toList();
    }

    List<Alert> creates() {
        return alerts().stream()
                .filter(alert -> alert.activity() == Activity.CREATE)
                .toList();
    }

    /** Sightings that began no episode because too many were open. */
    long refused() {
        return watch.takeRefused();
    }

    int keysKept() {
        return keys.size();
    }
}
