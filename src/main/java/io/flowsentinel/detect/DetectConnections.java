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
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
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
    private static final ValueStateDescriptor<Agenda> AGENDA =
            new ValueStateDescriptor<>("agenda", new AgendaSerializer());
    private static final MapStateDescriptor<Place, Tally> TALLIES =
            new MapStateDescriptor<>("tallies", new PlaceSerializer(), new TallySerializer());
    private static final ValueStateDescriptor<Findings> FINDINGS =
            new ValueStateDescriptor<>("findings", new FindingsSerializer());

    private final Group group;
    private final Rules rules;
    private final Duration aggregationInterval;
    private transient Watch watch;
    private transient ValueState<Agenda> agendas;
    private transient MapState<Place, Tally> tallies;
    private transient ValueState<Findings> findings;
    private transient Ledger ledger;
    private transient Counter alerts;
    private transient Counter suppressed;
    private transient Counter overflows;
    private transient Counter refused;

    public DetectConnections(Group group, Rules rules, Duration aggregationInterval) {
        this.group = group;
        this.rules = rules;
        this.aggregationInterval = aggregationInterval;
    }

    @Override
    public void open(OpenContext context) {
        watch = new Watch(group.court(rules), group.panes(aggregationInterval), aggregationInterval, rules.version());
        agendas = getRuntimeContext().getState(AGENDA);
        tallies = getRuntimeContext().getMapState(TALLIES);
        findings = getRuntimeContext().getState(FINDINGS);
        ledger = new KeyedLedger(tallies);
        alerts = getRuntimeContext().getMetricGroup().counter("alerts");
        suppressed = getRuntimeContext().getMetricGroup().counter("suppressed");
        overflows = getRuntimeContext().getMetricGroup().counter("paneOverflows");
        refused = getRuntimeContext().getMetricGroup().counter("sightingsRefused");
    }

    @Override
    public void processElement(Contribution contribution, Context context, Collector<Alert> out) throws Exception {
        Agenda known = agendas.value();
        Agenda agenda = known == null ? new Agenda() : known;
        long watermark = context.timerService().currentWatermark();
        long now = watermark == Long.MIN_VALUE ? watermark : Math.floorDiv(watermark, MILLIS);
        watch.observe(agenda, ledger, contribution, group.cell(contribution), now);
        wakeEarlier(agenda, context);
        agendas.update(agenda);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out) throws Exception {
        Agenda agenda = agendas.value();
        if (agenda == null) {
            return;
        }
        Findings known = findings.value();
        Findings found = known == null ? new Findings() : known;
        boolean endOfInput = context.timerService().currentWatermark() == Long.MAX_VALUE;
        List<Alert> made = endOfInput
                ? watch.finish(agenda, ledger, found)
                : watch.judgeThrough(agenda, ledger, found, timestamp / MILLIS);
        emit(made, context, out);
        overflows.inc(watch.takeOverflows());
        refused.inc(watch.takeRefused());
        if (endOfInput || agenda.panes.isEmpty() && found.isEmpty()) {
            agendas.clear();
            tallies.clear();
            findings.clear();
            return;
        }
        agenda.wakeAt = Agenda.NEVER;
        wakeEarlier(agenda, context);
        agendas.update(agenda);
        findings.update(found.isEmpty() ? null : found);
    }

    /** One timer a key: a contribution can only bring it forward. */
    private void wakeEarlier(Agenda agenda, Context context) {
        long next = watch.nextJudgement(agenda);
        if (agenda.wakeAt != Agenda.NEVER && agenda.wakeAt <= next) {
            return;
        }
        if (agenda.wakeAt != Agenda.NEVER) {
            context.timerService().deleteEventTimeTimer(agenda.wakeAt * MILLIS);
        }
        agenda.wakeAt = next;
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
