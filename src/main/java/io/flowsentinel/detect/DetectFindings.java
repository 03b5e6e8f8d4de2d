package io.flowsentinel.detect;

import io.flowsentinel.detect.Watch.Accounted;
import io.flowsentinel.detect.Watch.Dossier;
import io.flowsentinel.serde.NounType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Judges subjects: keeps what was counted by pane, and at each pane's end asks the rules of the family what they see.
 *
 * <p>State of a subject is made by what is counted first and cleared in {@link #onTimer} once no pane, no finding and
 * nothing learned is left.
 */
public final class DetectFindings extends KeyedProcessFunction<Subject, Partial, Ruling> {

    /** How tallies cross the key exchange. */
    public static final TypeInformation<Partial> PARTIAL = new NounType<>(Partial.class, PartialSerializer::new);

    /** The key of the exchange. */
    public static final TypeInformation<Subject> SUBJECT = new NounType<>(Subject.class, SubjectSerializer::new);

    private static final long serialVersionUID = 1L;
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

    private final Rules rules;
    private final Duration aggregationInterval;
    private transient Map<Family, Watch> watches;
    private transient Map<Family, Memory> memories;
    private transient Map<Family, List<Family>> listeners;
    private transient MapState<Integer, Agenda> agendas;
    private transient MapState<Place, Tally> tallies;
    private transient MapState<Integer, Findings> findings;
    private transient MapState<String, long[]> learned;
    private transient ValueState<Long> wakeAt;
    private transient Ledger ledger;
    private transient Counter overflows;
    private transient Counter refused;

    public DetectFindings(Rules rules, Duration aggregationInterval) {
        this.rules = rules;
        this.aggregationInterval = aggregationInterval;
    }

    @Override
    public void open(OpenContext context) {
        agendas = getRuntimeContext().getMapState(AGENDAS);
        tallies = getRuntimeContext().getMapState(TALLIES);
        findings = getRuntimeContext().getMapState(FINDINGS);
        learned = getRuntimeContext().getMapState(LEARNED);
        wakeAt = getRuntimeContext().getState(WAKE_AT);
        ledger = new KeyedLedger(tallies);
        watches = new LinkedHashMap<>();
        memories = new LinkedHashMap<>();
        listeners = new LinkedHashMap<>();
        for (Family family : Catalogue.FAMILIES) {
            watches.put(family, new Watch(family, rules, aggregationInterval));
            memories.put(family, new KeyedMemory(learned, family));
            listeners.put(family, Watch.listeners(family, rules));
        }
        overflows = getRuntimeContext().getMetricGroup().counter("paneOverflows");
        refused = getRuntimeContext().getMetricGroup().counter("sightingsRefused");
    }

    @Override
    public void processElement(Partial partial, Context context, Collector<Ruling> out) throws Exception {
        Family family = Catalogue.family(partial.place().family());
        Watch watch = watches.get(family);
        Agenda known = agendas.get(family.code());
        Agenda agenda = known == null ? new Agenda() : known;
        long watermark = context.timerService().currentWatermark();
        long now = watermark == Long.MIN_VALUE ? watermark : Math.floorDiv(watermark, MILLIS);
        long before = known == null ? Long.MAX_VALUE : watch.nextJudgement(agenda);
        watch.observe(agenda, ledger, partial.place(), partial.tally(), now);
        agendas.put(family.code(), agenda);
        long next = watch.nextJudgement(agenda);
        if (next < before) {
            wakeEarlier(next, context);
        }
    }

    /** One timer a subject: what is counted can only bring it forward. */
    private void wakeEarlier(long next, Context context) throws Exception {
        Long set = wakeAt.value();
        if (set != null && set <= next) {
            return;
        }
        if (set != null) {
            context.timerService().deleteEventTimeTimer(set * MILLIS);
        }
        wake(next, context);
    }

    private void wake(long next, Context context) throws Exception {
        wakeAt.update(next);
        context.timerService().registerEventTimeTimer(next * MILLIS);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Ruling> out) throws Exception {
        boolean endOfInput = context.timerService().currentWatermark() == Long.MAX_VALUE;
        long next = Long.MAX_VALUE;
        // In the catalogue's order: what a family's findings count is known to those that hear it before they judge.
        for (Family family : Catalogue.ofSpace(context.getCurrentKey().space())) {
            Agenda agenda = agendas.get(family.code());
            if (agenda != null) {
                next = Math.min(next, judge(family, agenda, timestamp, endOfInput, out));
            }
        }
        if (next == Long.MAX_VALUE) {
            agendas.clear();
            tallies.clear();
            findings.clear();
            learned.clear();
            wakeAt.clear();
        } else {
            wake(next, context);
        }
    }

    private void tell(Family family, Set<Accounted> counted) throws Exception {
        if (counted.isEmpty()) {
            return;
        }
        for (Family listener : listeners.get(family)) {
            Agenda known = agendas.get(listener.code());
            Agenda agenda = known == null ? new Agenda() : known;
            watches.get(listener).hear(agenda, ledger, counted);
            agendas.put(listener.code(), agenda);
        }
    }

    /** When the family has to look at the subject again; {@link Long#MAX_VALUE} where it has nothing left of it. */
    private long judge(Family family, Agenda agenda, long timestamp, boolean endOfInput, Collector<Ruling> out)
            throws Exception {
        Watch watch = watches.get(family);
        Findings known = findings.get(family.code());
        Findings found = known == null ? new Findings() : known;
        Dossier dossier = new Dossier(agenda, ledger, found, memories.get(family));
        List<Ruling> made = endOfInput ? watch.finish(dossier) : watch.judgeThrough(dossier, timestamp / MILLIS);
        made.forEach(out::collect);
        tell(family, watch.takeAccounted());
        overflows.inc(watch.takeOverflows());
        refused.inc(watch.takeRefused());
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
        return watch.nextJudgement(agenda);
    }
}
