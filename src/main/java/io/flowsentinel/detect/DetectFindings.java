package io.flowsentinel.detect;

import io.flowsentinel.detect.Watch.Accounted;
import io.flowsentinel.detect.Watch.Dossier;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.rule.Catalogue;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.RulesChange;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.apache.flink.runtime.state.internal.InternalValueState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.function.ThrowingConsumer;

/**
 * Judges subjects: keeps what was counted by pane, and at each pane's end asks the rules of the family what they see, in
 * the version that is in force at that moment.
 *
 * <p>Keyed by the bucket a subject is in, and within it state is told apart by subject. A timer of Flink's for each
 * subject would cost more than all else, so a bucket has one for each moment at which any of its subjects is looked at (see
 * {@link Schedules}) or something is to be done in its {@link Backlog}, which clears what it has itself.
 *
 * <p>State of a subject is made by what is counted first, or once it does not rest any more, and cleared in {@link
 * #onEventTime} once no pane, no finding and nothing learned is left. The second input are changes of rules: an operator rather than a function, as lower thresholds
 * have to wake subjects that sleep.
 */
public final class DetectFindings extends AbstractStreamOperator<Ruling>
        implements TwoInputStreamOperator<PartialBlock, RulesChange, Ruling>, Triggerable<Integer, VoidNamespace> {

    private static final long serialVersionUID = 1L;
    private static final String TIMERS = "judgements";
    private static final long MILLIS = 1_000;

    private static final SubjectSerializer SUBJECTS = new SubjectSerializer();
    private static final SubjectPartSerializer PARTS = new SubjectPartSerializer();

    /** By subject. */
    private static final ValueStateDescriptor<Schedule> SCHEDULES =
            new ValueStateDescriptor<>("schedules", new ScheduleSerializer());

    /** By the moment they are looked at, in epoch seconds of event time. */
    private static final ListStateDescriptor<Subject> WAKES = new ListStateDescriptor<>("wakes", SUBJECTS);

    /** By a moment, the family and what is to be done then, see {@link Backlog}. */
    private static final ListStateDescriptor<PartialBlock> BACKLOG =
            new ListStateDescriptor<>("backlog", new PartialBlockSerializer());

    /** By family: of what is in it, how much. */
    private static final ValueStateDescriptor<BacklogCounts> BACKLOG_COUNTS =
            new ValueStateDescriptor<>("backlog-counts", new BacklogCountsSerializer());

    /** By subject, family and pane. */
    private static final ValueStateDescriptor<Page> PAGES = new ValueStateDescriptor<>("pages", new PageSerializer());

    /** By subject and family, as is what they have learned. */
    private static final ValueStateDescriptor<Findings> FINDINGS =
            new ValueStateDescriptor<>("findings", new FindingsSerializer());

    private static final MapStateDescriptor<String, long[]> LEARNED =
            new MapStateDescriptor<>("learned", Types.STRING, PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);

    private final Rules given;
    private final RulesChange named;
    private final Duration aggregationInterval;
    private transient RulesInForce<Bench> benches;
    private transient Schedules schedules;
    private transient InternalValueState<Integer, SubjectPart, Findings> findings;
    private transient Backlog backlog;
    private transient KeyedLedger ledger;
    private transient KeyedMemory memory;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient StreamRecord<Ruling> sent;
    private transient Counter overflows;
    private transient Counter refused;
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
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        overflows = metrics.counter("paneOverflows");
        refused = metrics.counter("sightingsRefused");
        momentOverflows = metrics.counter("momentOverflows");
        capped = metrics.counter("numbersCapped");
        Counter forgotten = metrics.counter("thingsForgotten");
        schedules = new Schedules(
                byNamespace(SUBJECTS, SCHEDULES), byNamespace(LongSerializer.INSTANCE, WAKES), this::wakeAt);
        findings = byNamespace(PARTS, FINDINGS);
        ledger = new KeyedLedger(byNamespace(PARTS, PAGES));
        memory = new KeyedMemory(byNamespace(PARTS, LEARNED), forgotten::inc);
        backlog = new Backlog(
                byNamespace(LongSerializer.INSTANCE, BACKLOG),
                byNamespace(IntSerializer.INSTANCE, BACKLOG_COUNTS),
                this::wakeAt);
        timers = getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this);
        sent = new StreamRecord<>(null);
        if (benches.startedWithOthers()) {
            wakeAll();
        }
    }

    /** State of a bucket that is told apart by something. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // every state that Flink keeps by key is one that has namespaces
    private <N, S extends State, I extends InternalKvState<Integer, N, ?>> I byNamespace(
            TypeSerializer<N> by, StateDescriptor<S, ?> descriptor) throws Exception {
        return (I) getOrCreateKeyedState(by, descriptor);
    }

    /** Whatever another bucket is turned to for, what is in hand of the former one is written back under its own key first. */
    @Override
    public void setCurrentKey(Object key) {
        backlog.putAway();
        super.setCurrentKey(key);
    }

    @Override
    public void processElement1(StreamRecord<PartialBlock> element) throws Exception {
        PartialBlock block = element.getValue();
        long watermark = timers.currentWatermark();
        long now = watermark == Long.MIN_VALUE ? watermark : Math.floorDiv(watermark, MILLIS);
        if (block.family() == PartialBlock.SEVERAL) {
            block.forEach(partial -> take(partial, now, watermark));
        } else {
            Watch watch = benches.at(watermark).watch(Catalogue.family(block.family()));
            takeRoused(backlog.put(block, watch, now), watermark);
        }
        backlog.putAway();
    }

    /** Judges subjects by themselves from here on. */
    private void takeRoused(List<Partial> roused, long millis) throws Exception {
        for (Partial partial : roused) {
            take(partial, Long.MIN_VALUE, millis);
        }
    }

    /**
     * Keeps what was counted of a subject that does not rest.
     *
     * @param now epoch seconds of event time: in a pane that is judged already nothing counts any more
     * @param millis event time up to which everything is judged
     */
    private void take(Partial partial, long now, long millis) throws Exception {
        Subject subject = partial.part().subject();
        Family family = Catalogue.family(partial.part().family());
        Schedule known = schedules.of(subject);
        Schedule schedule = known == null ? new Schedule() : known;
        Agenda agenda = agenda(schedule, subject, family);
        benches.at(millis)
                .watch(family)
                .observe(agenda, ledger.of(subject, agenda), partial.part().pane(), partial.page(), now);
        schedules.lookBy(nextJudgement(family, agenda, millis), subject, schedule);
        schedules.keep(subject, schedule);
    }

    /** What a family has of a subject that does not rest, begun where there is nothing. */
    private Agenda agenda(Schedule schedule, Subject subject, Family family) {
        Agenda known = schedule.known(family.code());
        if (known != null) {
            return known;
        }
        if (family.rests()) {
            backlog.begin(family, subject.hashCode());
        }
        return schedule.agenda(family.code());
    }

    @Override
    public void processElement2(StreamRecord<RulesChange> element) throws Exception {
        benches.change(element.getValue(), timers.currentWatermark());
        wakeAll();
    }

    /** Under other rules every subject may have to be looked at earlier: they may speak of less than the former ones. */
    private void wakeAll() throws Exception {
        long watermark = timers.currentWatermark();
        this.<Subject>forEach(SCHEDULES, subject -> {
            Schedule schedule = schedules.of(subject);
            long next = Schedule.NEVER;
            for (Agenda agenda : schedule.agendas()) {
                next = Math.min(next, nextJudgement(Catalogue.family(agenda.family), agenda, watermark));
            }
            schedules.lookBy(next, subject, schedule);
            schedules.keep(subject, schedule);
        });
        this.<Integer>forEach(BACKLOG_COUNTS, family -> {
            takeRoused(backlog.rouseUnder(Catalogue.family(family), benches.from(watermark)), watermark);
        });
        backlog.putAway();
    }

    /** Shows by what a state is told apart, bucket by bucket, which is at hand then. */
    private <N> void forEach(StateDescriptor<?, ?> state, ThrowingConsumer<N, Exception> reader) throws Exception {
        backlog.putAway();
        List<Tuple2<Integer, N>> all;
        try (Stream<Tuple2<Integer, N>> known =
                this.<Integer>getKeyedStateBackend().getKeysAndNamespaces(state.getName())) {
            all = known.toList();
        }
        for (Tuple2<Integer, N> one : all) {
            setCurrentKey(one.f0);
            reader.accept(one.f1);
        }
    }

    /**
     * When any version of the rules has to look at what the family knows of the subject.
     *
     * @param millis event time up to which everything is judged; versions in force then or later count
     */
    private long nextJudgement(Family family, Agenda agenda, long millis) {
        long next = Schedule.NEVER;
        for (Bench bench : benches.from(millis)) {
            next = Math.min(next, bench.watch(family).nextJudgement(agenda));
        }
        return next;
    }

    private void wakeAt(long moment) {
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, moment * MILLIS);
    }

    /** At the end of the input all that is left is judged together, so all of it has to be there. */
    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.equals(Watermark.MAX_WATERMARK)) {
            long watermark = timers.currentWatermark();
            this.<Long>forEach(
                    BACKLOG, place -> takeRoused(backlog.weighLast(place, benches.from(watermark)), watermark));
        }
        super.processWatermark(mark);
        backlog.putAway();
    }

    @Override
    public void onEventTime(InternalTimer<Integer, VoidNamespace> timer) throws Exception {
        long moment = timer.getTimestamp() / MILLIS;
        boolean endOfInput = timers.currentWatermark() == Long.MAX_VALUE;
        Bench bench = benches.at(endOfInput ? Long.MAX_VALUE : timer.getTimestamp());
        takeRoused(backlog.weighAndLetGo(moment, benches.from(timer.getTimestamp())), timer.getTimestamp());
        for (Subject subject : schedules.due(moment)) {
            Schedule schedule = schedules.of(subject);
            if (schedule != null && schedule.wakeAt == moment) {
                look(subject, schedule, bench, moment, endOfInput);
            }
        }
    }

    private void look(Subject subject, Schedule schedule, Bench bench, long moment, boolean endOfInput)
            throws Exception {
        long next = Schedule.NEVER;
        // In the catalogue's order: what a family's findings count is known to those that hear it before they judge.
        for (Family family : Catalogue.ofSpace(subject.space())) {
            if (schedule.known(family.code()) != null) {
                next = Math.min(next, judge(subject, family, bench, schedule, moment, endOfInput));
            }
        }
        if (next == Schedule.NEVER) {
            for (Family family : Catalogue.ofSpace(subject.space())) {
                if (bench.watch(family).remembers()) {
                    memory.of(subject, family.code()).clear();
                }
            }
            schedules.forget(subject);
        } else {
            schedule.wakeAt = Schedule.NEVER;
            schedules.lookBy(next, subject, schedule);
            schedules.keep(subject, schedule);
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<Integer, VoidNamespace> timer) {
        throw new IllegalStateException("No timer of processing time is ever set");
    }

    private void tell(
            Subject subject, Family family, Bench bench, Schedule schedule, Set<Accounted> counted, long moment)
            throws Exception {
        if (counted.isEmpty()) {
            return;
        }
        for (Family listener : bench.listeners(family)) {
            Watch watch = bench.watch(listener);
            if (listener.rests()) {
                rouse(subject, listener, watch, schedule, moment);
            }
            Agenda agenda = agenda(schedule, subject, listener);
            watch.hear(agenda, ledger.of(subject, agenda), counted);
        }
    }

    /** From here on a family judges a subject by itself whose schedule is at hand. */
    private void rouse(Subject subject, Family family, Watch watch, Schedule schedule, long moment) throws Exception {
        for (Partial partial : backlog.rouse(family, subject.hashCode())) {
            if (partial.part().subject().equals(subject)) {
                Agenda agenda = agenda(schedule, subject, family);
                long pane = partial.part().pane();
                watch.observe(agenda, ledger.of(subject, agenda), pane, partial.page(), Long.MIN_VALUE);
            } else {
                take(partial, Long.MIN_VALUE, moment * MILLIS);
            }
        }
    }

    /** When the family has to look at the subject again; {@link Schedule#NEVER} where it has nothing left of it. */
    private long judge(Subject subject, Family family, Bench bench, Schedule schedule, long moment, boolean endOfInput)
            throws Exception {
        Watch watch = bench.watch(family);
        Agenda agenda = schedule.agenda(family.code());
        Findings known = agenda.hasFindings() ? findingsOf(subject, family).value() : null;
        Findings found = known == null ? new Findings() : known;
        Dossier dossier = new Dossier(agenda, ledger.of(subject, agenda), found, memory.of(subject, family.code()));
        List<Ruling> made = endOfInput ? watch.finish(dossier) : watch.judgeThrough(dossier, moment);
        made.forEach(ruling -> output.collect(sent.replace(ruling)));
        if (endOfInput) {
            agenda.panes.forEach((start, filling) -> dossier.ledger().remove(start));
        }
        tell(subject, family, bench, schedule, watch.takeAccounted(), moment);
        overflows.inc(watch.takeOverflows());
        refused.inc(watch.takeRefused());
        capped.inc(watch.takeCapped());
        momentOverflows.inc(watch.takeMomentOverflows());
        boolean over = endOfInput || agenda.isEmpty();
        if (over) {
            schedule.remove(family.code());
            if (family.rests()) {
                backlog.end(family, subject.hashCode());
            }
        }
        if (!over && !found.isEmpty()) {
            findingsOf(subject, family).update(found);
        } else if (known != null) {
            findingsOf(subject, family).clear();
        }
        return over ? Schedule.NEVER : nextJudgement(family, agenda, moment * MILLIS);
    }

    private ValueState<Findings> findingsOf(Subject subject, Family family) {
        findings.setCurrentNamespace(new SubjectPart(subject, family.code(), SubjectPart.ALL));
        return findings;
    }
}
