package io.flowsentinel.detect;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Alert;
import io.flowsentinel.serde.NounType;
import io.flowsentinel.serde.Nouns;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Runs one group of rules over its keys. Alerts that count are the main output; suppressed ones and the accounts are
 * side outputs.
 */
public final class DetectConnections extends KeyedProcessFunction<String, Contribution, Alert> {

    /** How contributions cross the key exchange. */
    public static final TypeInformation<Contribution> CONTRIBUTION =
            new NounType<>(Contribution.class, ContributionSerializer::new);

    /** Alerts with {@link Alert#suppressedBy} set. */
    public static final OutputTag<Alert> SUPPRESSED = new OutputTag<>("suppressed", Nouns.ALERT);

    /** What to add to the accounts of the run. */
    public static final OutputTag<Accounts> ACCOUNTS = new OutputTag<>("accounts", Nouns.ACCOUNTS);

    private static final long serialVersionUID = 1L;
    private static final long MILLIS = 1_000;
    private static final ValueStateDescriptor<Watched> WATCHED =
            new ValueStateDescriptor<>("watched", new WatchedSerializer());

    private final Group group;
    private final Rules rules;
    private final Duration aggregationInterval;
    private transient Watch watch;
    private transient ValueState<Watched> watched;
    private transient Counter alerts;
    private transient Counter suppressed;
    private transient Counter overflows;

    public DetectConnections(Group group, Rules rules, Duration aggregationInterval) {
        this.group = group;
        this.rules = rules;
        this.aggregationInterval = aggregationInterval;
    }

    @Override
    public void open(OpenContext context) {
        watch = new Watch(group.court(rules), group.panes(aggregationInterval), aggregationInterval, rules.version());
        watched = getRuntimeContext().getState(WATCHED);
        alerts = getRuntimeContext().getMetricGroup().counter("alerts");
        suppressed = getRuntimeContext().getMetricGroup().counter("suppressed");
        overflows = getRuntimeContext().getMetricGroup().counter("paneOverflows");
    }

    @Override
    public void processElement(Contribution contribution, Context context, Collector<Alert> out) throws Exception {
        Watched state = watched.value();
        if (state == null) {
            state = new Watched();
        }
        long watermark = context.timerService().currentWatermark();
        long now = watermark == Long.MIN_VALUE ? watermark : Math.floorDiv(watermark, MILLIS);
        watch.observe(state, contribution, group.cell(contribution), now);
        wakeEarlier(state, context);
        watched.update(state);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out) throws Exception {
        Watched state = watched.value();
        if (state == null) {
            return;
        }
        boolean endOfInput = context.timerService().currentWatermark() == Long.MAX_VALUE;
        emit(endOfInput ? watch.finish(state) : watch.judgeThrough(state, timestamp / MILLIS), context, out);
        overflows.inc(watch.takeOverflows());
        if (endOfInput || state.isEmpty()) {
            watched.clear();
            return;
        }
        state.wakeAt = Watched.NEVER;
        wakeEarlier(state, context);
        watched.update(state);
    }

    /** One timer a key: a contribution can only bring it forward. */
    private void wakeEarlier(Watched state, Context context) {
        long next = watch.nextJudgement(state);
        if (state.wakeAt != Watched.NEVER && state.wakeAt <= next) {
            return;
        }
        if (state.wakeAt != Watched.NEVER) {
            context.timerService().deleteEventTimeTimer(state.wakeAt * MILLIS);
        }
        state.wakeAt = next;
        context.timerService().registerEventTimeTimer(next * MILLIS);
    }

    private void emit(List<Alert> made, Context context, Collector<Alert> out) {
        if (made.isEmpty()) {
            return;
        }
        Map<String, Long> amounts = new TreeMap<>();
        for (Alert alert : made) {
            if (alert.suppressed()) {
                suppressed.inc();
                amounts.merge(Accounts.SUPPRESSED, 1L, Long::sum);
                context.output(SUPPRESSED, alert);
                continue;
            }
            alerts.inc();
            amounts.merge(Accounts.ALERT_MESSAGES, 1L, Long::sum);
            if (alert.activity() == Alert.Activity.CREATE) {
                amounts.merge(Accounts.ALERTS, 1L, Long::sum);
                amounts.merge(Accounts.ALERTS_BY_RULE + alert.rule().id(), 1L, Long::sum);
            }
            out.collect(alert);
        }
        context.output(ACCOUNTS, new Accounts(amounts));
    }
}
