package io.flowsentinel.detect;

import io.flowsentinel.detect.Ruling.Hearing;
import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.judging.Prevalence;
import io.flowsentinel.detect.rule.Beacon;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.RulesChange;
import io.flowsentinel.serde.NounType;
import io.flowsentinel.serde.Nouns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Holds the findings of all families against each other: one that says what an open one says already goes to the
 * suppressed feed. There are few alerts, so one place sees them all, under one key; those of one moment wait until all
 * are here and are looked at in an order of their own, so it makes no difference which came first.
 *
 * <p>Alerts that count are the main output; suppressed ones and the accounts are side outputs. What is remembered of an
 * open finding is forgotten with its Close, and all of it at the end of the input.
 */
public final class SettleFindings extends KeyedBroadcastProcessFunction<Integer, Ruling, RulesChange, Alert>
        implements CheckpointedFunction {

    /** How rulings travel. */
    public static final TypeInformation<Ruling> RULING = new NounType<>(Ruling.class, RulingSerializer::new);

    /** Alerts with {@link Alert#suppressedBy} set. */
    public static final OutputTag<Alert> SUPPRESSED = new OutputTag<>("suppressed", Nouns.ALERT);

    /** What to add to the accounts of the run. */
    public static final OutputTag<Accounts> ACCOUNTS = new OutputTag<>("accounts", Nouns.ACCOUNTS);

    /** The one key. */
    public static final int ALL = 0;

    private static final long serialVersionUID = 1L;
    private static final long MILLIS = 1_000;

    private static final ListStateDescriptor<Ruling> WAITING =
            new ListStateDescriptor<>("waiting", new RulingSerializer());

    /** By finding id: its rule, then its ties. */
    private static final MapStateDescriptor<String, String[]> PARENTS =
            new MapStateDescriptor<>("parents", Types.STRING, Types.OBJECT_ARRAY(Types.STRING));

    /** By tie: the ids of the parents that have it. */
    private static final MapStateDescriptor<String, String[]> BY_TIE =
            new MapStateDescriptor<>("parents-by-tie", Types.STRING, Types.OBJECT_ARRAY(Types.STRING));

    /** By finding id: the parent's. */
    private static final MapStateDescriptor<String, String> MUTED =
            new MapStateDescriptor<>("muted", Types.STRING, Types.STRING);

    /** By finding id of a beacon: how many of a hundred hosts talked to its responder when it was created. */
    private static final MapStateDescriptor<String, Long> PREVALENT =
            new MapStateDescriptor<>("prevalent", Types.STRING, Types.LONG);

    private static final Comparator<Alert> ALERTS_IN_ORDER = Comparator.comparingInt(
                    (Alert alert) -> Muting.rank(alert.rule().id()))
            .thenComparing(alert -> alert.rule().id())
            .thenComparing(Alert::findingId)
            .thenComparing(Alert::activity);

    /** What is told of a moment comes before its findings. */
    private static final Comparator<Ruling> IN_ORDER = Comparator.comparingLong(Ruling::timeMillis)
            .thenComparing(Ruling::alert, Comparator.nullsFirst(ALERTS_IN_ORDER));

    private final Rules given;
    private final RulesChange named;
    private final long lagMillis;
    private transient RulesInForce<Rules> rules;
    private transient ListState<Ruling> waiting;
    private transient MapState<String, String[]> parents;
    private transient MapState<String, String[]> byTie;
    private transient MapState<String, String> muted;
    private transient MapState<String, Long> prevalent;
    private transient Counter alerts;
    private transient Counter suppressed;
    private transient Map<String, Counter> alertsByRule;

    /**
     * Settles by the rules it is given until there are others.
     *
     * @param given the rules with which the job starts
     * @param named what names them
     */
    public SettleFindings(Rules given, RulesChange named, Duration aggregationInterval) {
        this.given = given;
        this.named = named;
        this.lagMillis = Panes.of(aggregationInterval, Duration.ZERO).lag() * MILLIS;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        rules = RulesInForce.restore(context.getOperatorStateStore(), given, named, (version, after) -> version);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        // All state is Flink's.
    }

    @Override
    public void open(OpenContext context) {
        waiting = getRuntimeContext().getListState(WAITING);
        parents = getRuntimeContext().getMapState(PARENTS);
        byTie = getRuntimeContext().getMapState(BY_TIE);
        muted = getRuntimeContext().getMapState(MUTED);
        prevalent = getRuntimeContext().getMapState(PREVALENT);
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        alerts = metrics.counter("alerts");
        suppressed = metrics.counter("suppressed");
        // All at once: where a series begins with its first finding, nobody who asks for its increase sees that one.
        alertsByRule = new TreeMap<>();
        given.all().keySet().forEach(rule -> alertsByRule.put(rule, counter(rule)));
    }

    @Override
    public void processElement(Ruling ruling, ReadOnlyContext context, Collector<Alert> out) throws Exception {
        waiting.add(ruling);
        context.timerService().registerEventTimeTimer(certainAt(ruling));
    }

    @Override
    public void processBroadcastElement(RulesChange change, Context context, Collector<Alert> out) throws Exception {
        rules.change(change, context.currentWatermark());
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out) throws Exception {
        List<Ruling> all = new ArrayList<>();
        List<Ruling> notYet = new ArrayList<>();
        for (Ruling ruling : waiting.get()) {
            (certainAt(ruling) <= timestamp ? all : notYet).add(ruling);
        }
        waiting.update(notYet);
        all.sort(IN_ORDER);
        Map<String, Long> amounts = new TreeMap<>();
        Prevalence told = new Prevalence(Long.MIN_VALUE, Map.of());
        for (Ruling ruling : all) {
            if (ruling.alert() == null) {
                told = ruling.prevalence();
            } else if (ruling.hearing() == Hearing.NOBODY) {
                forgetAll(ruling.alert().findingId());
            } else {
                Alert settled = settled(ruling);
                if (settled != null) {
                    emit(lowered(settled, told), context, out, amounts);
                }
            }
        }
        if (!amounts.isEmpty()) {
            context.output(ACCOUNTS, new Accounts(amounts));
        }
        if (timestamp == Long.MAX_VALUE) {
            parents.clear();
            byTie.clear();
            muted.clear();
            prevalent.clear();
        } else {
            // Sees to it that the end of the input finds what is open then.
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
        }
    }

    /** Event time in milliseconds at which all findings of its moment are here: one that judges may be ahead of others. */
    private long certainAt(Ruling ruling) {
        return ruling.timeMillis() + lagMillis;
    }

    /** Held against the other findings; null where there is nothing to tell. */
    private Alert settled(Ruling ruling) throws Exception {
        Alert alert = ruling.alert();
        if (alert.suppressed()) {
            return alert;
        }
        boolean create = alert.activity() == Activity.CREATE;
        String mutedBefore = create ? null : muted.get(alert.findingId());
        if (!create && mutedBefore == null) {
            return ofTold(ruling);
        }
        String mutedBy = ruling.ties() == null ? mutedBefore : parentOf(ruling);
        if (mutedBy == null) {
            return begin(ruling);
        }
        if (alert.activity() == Activity.CLOSE) {
            muted.remove(alert.findingId());
        } else {
            muted.put(alert.findingId(), mutedBy);
        }
        return ruling.hearing() == Hearing.READERS ? alert.suppressedBy(mutedBy) : null;
    }

    /** Of a finding that readers know; null where they are not told more. */
    private Alert ofTold(Ruling ruling) throws Exception {
        if (ruling.alert().activity() == Activity.CLOSE) {
            forget(ruling.alert().findingId());
        }
        return ruling.hearing() == Hearing.READERS ? ruling.alert() : null;
    }

    /**
     * The alert with which readers hear first of a finding: its Create, or what is more of it once nothing holds it back
     * any more, for a parent speaks for what is about the same and of its own time alone.
     */
    private Alert begin(Ruling ruling) throws Exception {
        Alert alert = ruling.alert();
        muted.remove(alert.findingId());
        if (Muting.isParent(alert.rule().id())) {
            remember(ruling);
        }
        return alert.activity() == Activity.CREATE ? alert : AlertMaker.created(alert);
    }

    /** The same, or less severe where a beacon goes where many hosts do; which it is says its Create. */
    private Alert lowered(Alert alert, Prevalence told) throws Exception {
        if (!alert.rule().id().equals(Beacon.ID)) {
            return alert;
        }
        String id = alert.findingId();
        Long percent = prevalent.get(id);
        if (alert.activity() == Activity.CREATE && told.timeMillis() == alert.timeMillis()) {
            percent = told.percents().get(Beacon.responder(alert));
            if (percent != null) {
                prevalent.put(id, percent);
            }
        } else if (alert.activity() == Activity.CLOSE) {
            prevalent.remove(id);
        }
        return percent == null
                ? alert
                : Beacon.lowered(
                        alert,
                        percent,
                        rules.at(alert.timeMillis() + lagMillis).rule(Beacon.ID).severity());
    }

    private void remember(Ruling parent) throws Exception {
        String id = parent.alert().findingId();
        List<String> known = new ArrayList<>(parent.ties());
        known.add(0, parent.alert().rule().id());
        parents.put(id, known.toArray(String[]::new));
        for (String tie : parent.ties()) {
            List<String> ids = new ArrayList<>(idsOf(tie));
            ids.add(id);
            byTie.put(tie, ids.toArray(String[]::new));
        }
    }

    private void forget(String id) throws Exception {
        String[] known = parents.get(id);
        if (known == null) {
            return;
        }
        parents.remove(id);
        for (int i = 1; i < known.length; i++) {
            List<String> ids = new ArrayList<>(idsOf(known[i]));
            ids.remove(id);
            if (ids.isEmpty()) {
                byTie.remove(known[i]);
            } else {
                byTie.put(known[i], ids.toArray(String[]::new));
            }
        }
    }

    /** Of a finding of a rule that was switched off there comes no Close: whom it muted may speak again. */
    private void forgetAll(String id) throws Exception {
        muted.remove(id);
        prevalent.remove(id);
        forget(id);
    }

    private List<String> idsOf(String tie) throws Exception {
        String[] ids = byTie.get(tie);
        return ids == null ? List.of() : List.of(ids);
    }

    /**
     * The smallest id of an open finding that mutes this one; null where none does. A finding of a rule that was switched
     * off gets no Close: it mutes nobody, and is forgotten here.
     */
    private String parentOf(Ruling ruling) throws Exception {
        String child = ruling.alert().rule().id();
        if (!Muting.isChild(child)) {
            return null;
        }
        TreeSet<String> muting = new TreeSet<>();
        for (String tie : ruling.ties()) {
            for (String id : idsOf(tie)) {
                String rule = parents.get(id)[0];
                RuleSettings settings = rules.at(certainAt(ruling)).rule(rule);
                if (settings == null || !settings.on()) {
                    forget(id);
                } else if (Muting.mutes(rule, child)) {
                    muting.add(id);
                }
            }
        }
        return muting.isEmpty() ? null : muting.first();
    }

    private void emit(Alert alert, OnTimerContext context, Collector<Alert> out, Map<String, Long> amounts) {
        if (alert.suppressed()) {
            suppressed.inc();
            amounts.merge(Accounts.SUPPRESSED, 1L, Long::sum);
            context.output(SUPPRESSED, alert);
            return;
        }
        alerts.inc();
        amounts.merge(Accounts.ALERT_MESSAGES, 1L, Long::sum);
        if (alert.activity() == Activity.CREATE) {
            String rule = alert.rule().id();
            alertsByRule.computeIfAbsent(rule, this::counter).inc();
            amounts.merge(Accounts.ALERTS, 1L, Long::sum);
            amounts.merge(Accounts.ALERTS_BY_RULE + rule, 1L, Long::sum);
        }
        out.collect(alert);
    }

    private Counter counter(String rule) {
        return getRuntimeContext().getMetricGroup().addGroup("rule", rule).counter("findings");
    }
}
