package io.flowsentinel.detect;

import io.flowsentinel.detect.Watch.Accounted;
import io.flowsentinel.detect.Watch.Dossier;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Ledger;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Place;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.rule.Catalogue;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.RulesChange;
import io.flowsentinel.serde.NounType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Judges subjects: keeps what was counted by pane, and at each pane's end asks the rules of the family what they see, in
 * the version that is in force at that moment.
 *
 * <p>State of a subject is made by what is counted first and cleared in {@link #onEventTime} once no pane, no finding and
 * nothing learned is left. The second input are changes of rules: an operator rather than a function, as lower thresholds
 * have to wake subjects that sleep.
 */
public final class DetectFindings extends AbstractStreamOperator<Ruling>
        implements TwoInputStreamOperator<Partial, RulesChange, Ruling>, Triggerable<Subject, VoidNamespace> {

    /** How tallies cross the key exchange. */
    public static final TypeInformation<Partial> PARTIAL = new NounType<>(Partial.class, PartialSerializer::new);

    /** The key of the exchange. */
    public static final TypeInformation<Subject> SUBJECT = new NounType<>(Subject.class, SubjectSerializer::new);

    private static final long serialVersionUID = 1L;
    private static final String TIMERS = "judgements";
    private static final long MILLIS = 1_000;
    private static final MapStateDescriptor<Integer, Agenda> AGENDAS =
            new MapStateDescriptor<>("agendas", IntSerializer.INSTANCE, new AgendaSerializer());
    /** Seconds of event time of the one timer of the subject. */
    private static final ValueStateDescriptor<Long> WAKE_AT = new ValueStateDescriptor<>("wake-at", Types.LONG);

    private static final MapStateDescriptor<Place, Tally> TALLIES =
            new MapStateDescriptor<>("tallies", new PlaceSerializer(), new TallySerializer());
    private static final MapStateDescriptor<Integer, Findings> FINDINGS =
            new MapStateDescriptor<>("findings", IntSerializer.INSTANCE, new FindingsSerializer());
    private static final MapStateDescriptor<String, long[]> LEARNED =
            new MapStateDescriptor<>("learned", Types.STRING, PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);

    private final Rules given;
    private final RulesChange named;
    private final Duration aggregationInterval;
    private transient RulesInForce<Bench> benches;
    private transient Map<Family, Memory> memories;
    private transient MapState<Integer, Agenda> agendas;
    private transient MapState<Place, Tally> tallies;
    private transient MapState<Integer, Findings> findings;
    private transient MapState<String, long[]> learned;
    private transient ValueState<Long> wakeAt;
    private transient Ledger ledger;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient StreamRecord<Ruling> sent;
    private transient Counter overflows;
    private transient Counter refused;
    private transient Counter forgotten;
    private transient Counter momentOverflows;
    private transient Counter capped;

    /**
     * Judges by the rules it is given until there are others.
     *
     * @param given the rules with which the job starts
     * @param named what names them
     */
    public DetectFindings(Rules given, RulesChange named, Duration aggregationInterval) {
        this.given = given;
        this.named = named;
        this.aggregationInterval = aggregationInterval;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        benches = RulesInForce.restore(
                context.getOperatorStateStore(),
                given,
                named,
                (rules, after) -> new Bench(rules, aggregationInterval, after));
    }

    @Override
    public void open() throws Exception {
        super.open();
        agendas = getRuntimeContext().getMapState(AGENDAS);
        tallies = getRuntimeContext().getMapState(TALLIES);
        findings = getRuntimeContext().getMapState(FINDINGS);
        learned = getRuntimeContext().getMapState(LEARNED);
        wakeAt = getRuntimeContext().getState(WAKE_AT);
        ledger = new KeyedLedger(tallies);
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        overflows = metrics.counter("paneOverflows");
        refused = metrics.counter("sightingsRefused");
        forgotten = metrics.counter("thingsForgotten");
        momentOverflows = metrics.counter("momentOverflows");
        capped = metrics.counter("numbersCapped");
        memories = new HashMap<>();
        for (Family family : Catalogue.FAMILIES) {
            memories.put(family, new KeyedMemory(learned, family, forgotten::inc));
        }
        timers = getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this);
        sent = new StreamRecord<>(null);
        if (benches.startedWithOthers()) {
            wakeAll();
        }
    }

    @Override
    public void processElement1(StreamRecord<Partial> element) throws Exception {
        Partial partial = element.getValue();
        Family family = Catalogue.family(partial.place().family());
        Agenda known = agendas.get(family.code());
        Agenda agenda = known == null ? new Agenda() : known;
        long watermark = timers.currentWatermark();
        long now = watermark == Long.MIN_VALUE ? watermark : Math.floorDiv(watermark, MILLIS);
        long before = known == null ? Long.MAX_VALUE : nextJudgement(family, agenda, watermark);
        benches.at(watermark).watch(family).observe(agenda, ledger, partial.place(), partial.tally(), now);
        agendas.put(family.code(), agenda);
        long next = nextJudgement(family, agenda, watermark);
        if (next < before) {
            wakeEarlier(next);
        }
    }

    @Override
    public void processElement2(StreamRecord<RulesChange> element) throws Exception {
        benches.change(element.getValue(), timers.currentWatermark());
        wakeAll();
    }

    /** Under other rules every subject may have to be looked at earlier: they may speak of less than the former ones. */
    private void wakeAll() throws Exception {
        long watermark = timers.currentWatermark();
        getKeyedStateBackend()
                .applyToAllKeys(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, AGENDAS, (subject, ofSubject) -> {
                            long next = Long.MAX_VALUE;
                            for (Map.Entry<Integer, Agenda> one : ofSubject.entries()) {
                                Family family = Catalogue.family(one.getKey());
                                next = Math.min(next, nextJudgement(family, one.getValue(), watermark));
                            }
                            if (next != Long.MAX_VALUE) {
                                wakeEarlier(next);
                            }
                        });
    }

    /**
     * When any version of the rules has to look at what the family knows of the subject.
     *
     * @param millis event time up to which everything is judged; versions in force then or later count
     */
    private long nextJudgement(Family family, Agenda agenda, long millis) {
        long next = Long.MAX_VALUE;
        for (Bench bench : benches.from(millis)) {
            next = Math.min(next, bench.watch(family).nextJudgement(agenda));
        }
        return next;
    }

    /** One timer a subject: what is counted can only bring it forward. */
    private void wakeEarlier(long next) throws Exception {
        Long set = wakeAt.value();
        if (set != null && set <= next) {
            return;
        }
        if (set != null) {
            timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, set * MILLIS);
        }
        wake(next);
    }

    private void wake(long next) throws Exception {
        wakeAt.update(next);
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, next * MILLIS);
    }

    @Override
    public void onEventTime(InternalTimer<Subject, VoidNamespace> timer) throws Exception {
        boolean endOfInput = timers.currentWatermark() == Long.MAX_VALUE;
        Bench bench = benches.at(endOfInput ? Long.MAX_VALUE : timer.getTimestamp());
        long next = Long.MAX_VALUE;
        // In the catalogue's order: what a family's findings count is known to those that hear it before they judge.
        for (Family family : Catalogue.ofSpace(timer.getKey().space())) {
            Agenda agenda = agendas.get(family.code());
            if (agenda != null) {
                next = Math.min(next, judge(family, bench, agenda, timer.getTimestamp(), endOfInput));
            }
        }
        if (next == Long.MAX_VALUE) {
            agendas.clear();
            tallies.clear();
            findings.clear();
            learned.clear();
            wakeAt.clear();
        } else {
            wake(next);
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<Subject, VoidNamespace> timer) {
        throw new IllegalStateException("No timer of processing time is ever set");
    }

    private void tell(Family family, Bench bench, Set<Accounted> counted) throws Exception {
        if (counted.isEmpty()) {
            return;
        }
        for (Family listener : bench.listeners(family)) {
            Agenda known = agendas.get(listener.code());
            Agenda agenda = known == null ? new Agenda() : known;
            bench.watch(listener).hear(agenda, ledger, counted);
            agendas.put(listener.code(), agenda);
        }
    }

    /** When the family has to look at the subject again; {@link Long#MAX_VALUE} where it has nothing left of it. */
    private long judge(Family family, Bench bench, Agenda agenda, long timestamp, boolean endOfInput) throws Exception {
        Watch watch = bench.watch(family);
        Findings known = findings.get(family.code());
        Findings found = known == null ? new Findings() : known;
        Dossier dossier = new Dossier(agenda, ledger, found, memories.get(family));
        List<Ruling> made = endOfInput ? watch.finish(dossier) : watch.judgeThrough(dossier, timestamp / MILLIS);
        made.forEach(ruling -> output.collect(sent.replace(ruling)));
        tell(family, bench, watch.takeAccounted());
        overflows.inc(watch.takeOverflows());
        refused.inc(watch.takeRefused());
        capped.inc(watch.takeCapped());
        momentOverflows.inc(watch.takeMomentOverflows());
        if (endOfInput || agenda.isEmpty()) {
            agendas.remove(family.code());
            findings.remove(family.code());
            return Long.MAX_VALUE;
        }
        agendas.put(family.code(), agenda);
        if (found.isEmpty()) {
            findings.remove(family.code());
        } else {
            findings.put(family.code(), found);
        }
        return nextJudgement(family, agenda, timestamp);
    }
}
