package io.flowsentinel.detect;

import io.flowsentinel.detect.settings.AddressLists;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.detect.settings.RulesBytes;
import io.flowsentinel.detect.settings.RulesFiles;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.Notice;
import io.flowsentinel.model.RulesChange;
import io.flowsentinel.serde.KeptChanges;
import io.flowsentinel.serde.Nouns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells everybody of other rules, and hands lost records on. There is one of it, and event time passes through it: a
 * change holds after the event time that has come this far, and as it is sent before event time goes on, it is
 * everywhere before anything is decided that it holds for.
 */
public final class WatchRules extends AbstractStreamOperator<Notice>
        implements OneInputStreamOperator<CoverageRecord, Notice> {

    /** The changes alone, without lists, which are large; none where only a list changes. */
    public static final OutputTag<RulesChange> RULES = new OutputTag<>("rules", Nouns.RULES_CHANGE);

    /** How {@code rulesNews} begins where files were written that cannot be used. */
    public static final String NOT_CHANGED = "Rules not changed";

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(WatchRules.class);

    private final RulesFiles files;
    private final Rules given;
    private final RulesChange named;
    private final Duration interval;
    private transient KeptChanges kept;
    private transient RulesWatch watch;
    private transient ScheduledFuture<?> looking;
    private transient Rules inForce;
    private transient volatile String lastChange;
    private transient long watermark;
    private transient Counter changes;

    /**
     * @param given the rules with which the job starts
     * @param named what names them
     * @param interval between two looks at the files; zero for none
     */
    public WatchRules(RulesFiles files, Rules given, RulesChange named, Duration interval) {
        this.files = files;
        this.given = given;
        this.named = named;
        this.interval = interval;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        kept = KeptChanges.restore(context.getOperatorStateStore(), named);
        watermark = Long.MIN_VALUE;
    }

    @Override
    public void open() throws Exception {
        super.open();
        RulesChange last = kept.at(Long.MAX_VALUE);
        inForce = last.rules().length == 0 ? given : RulesBytes.read(last.rules());
        lastChange = "";
        changes = getMetricGroup().counter("rulesChanges");
        getMetricGroup().gauge("rulesNews", this::news);
        getMetricGroup().gauge("rulesRejected", () -> watch == null ? 0L : watch.rejected());
        if (!interval.isZero() && !files.isEmpty()) {
            watch = new RulesWatch(files, interval);
            looking = getProcessingTimeService()
                    .scheduleWithFixedDelay(time -> apply(), interval.toMillis(), interval.toMillis());
        }
    }

    @Override
    public void processElement(StreamRecord<CoverageRecord> element) {
        output.collect(element.replace(element.getValue()));
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        watermark = mark.getTimestamp();
        super.processWatermark(mark);
    }

    private void apply() throws Exception {
        // Before event time has begun there is no moment after which it could hold, at the end nothing is left to
        // decide.
        boolean timeRuns = watermark != Long.MIN_VALUE && watermark != Long.MAX_VALUE;
        Rules read = timeRuns ? watch.take() : null;
        if (read == null || read.versionWithLists().equals(inForce.versionWithLists())) {
            return;
        }
        RulesChange change = RulesChanges.after(watermark, read);
        kept.add(change, watermark);
        output.collect(new StreamRecord<>(change));
        if (!read.version().equals(inForce.version())) {
            Rules withoutLists = read.withLists(AddressLists.NONE);
            output.collect(RULES, new StreamRecord<>(RulesChanges.after(watermark, withoutLists)));
        }
        changes.inc();
        tell(read);
        inForce = read;
    }

    /** What is to be told of the rules, one line: the last change, or why there was none; empty before either. */
    private String news() {
        String fault = watch == null ? "" : watch.fault();
        return fault.isEmpty() ? lastChange : fault;
    }

    private void tell(Rules read) {
        List<String> before = inForce.describe();
        List<String> different =
                read.describe().stream().filter(line -> !before.contains(line)).toList();
        lastChange = "Rules " + read.version() + " are in force after event time " + Instant.ofEpochMilli(watermark)
                + "; otherwise than before: " + String.join(", ", differing(inForce, read));
        boolean listsOnly = read.version().equals(inForce.version());
        String others = listsOnly ? "other lists" : "no other mode, threshold or window";
        LOG.info("{}\n  {}", lastChange, different.isEmpty() ? others : String.join("\n  ", different));
    }

    /** What is otherwise: ids of rules, and what is not a rule's own. */
    static List<String> differing(Rules before, Rules after) {
        List<String> differing = new ArrayList<>();
        after.all().forEach((id, rule) -> {
            if (!rule.equals(before.rule(id))) {
                differing.add(id);
            }
        });
        if (!after.lists().version().equals(before.lists().version())) {
            differing.add("lists");
        }
        boolean sameRest = after.baseline().equals(before.baseline())
                && after.resolvers().equals(before.resolvers())
                && after.subnets().equals(before.subnets())
                && after.adminPorts().equals(before.adminPorts())
                && after.databasePorts().equals(before.databasePorts());
        if (!sameRest) {
            differing.add("what rules share (ports, baseline, dns, scope)");
        }
        return differing.isEmpty() ? List.of("comments alone") : differing;
    }

    @Override
    public void close() throws Exception {
        if (watch != null) {
            looking.cancel(false);
            watch.close();
        }
        super.close();
    }
}
