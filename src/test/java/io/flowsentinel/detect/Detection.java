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
    private final Map<String, Watched> keys = new TreeMap<>();
    private final List<Alert> alerts = new ArrayList<>();
    private long now = Long.MIN_VALUE;

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
                Watched watched = keys.computeIfAbsent(contribution.key(), unseen -> new Watched());
                watch.observe(watched, contribution, group.cell(contribution), now);
            });
        }
        return this;
    }

    /** Moves event time to this many seconds after {@link Connections#T0}. */
    Detection until(long seconds) {
        now = Connections.T0 + seconds;
        keys.values().forEach(watched -> alerts.addAll(watch.judgeThrough(watched, now)));
        keys.values().removeIf(Watched::isEmpty);
        return this;
    }

    Detection finish() {
        keys.values().forEach(watched -> alerts.addAll(watch.finish(watched)));
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

    int keysKept() {
        return keys.size();
    }
}
