package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.LifecycleEvent;
import io.flowsentinel.model.Notice;
import io.flowsentinel.model.RulesChange;
import io.flowsentinel.serde.Buckets;
import io.flowsentinel.serde.KeptChanges;
import io.flowsentinel.serde.Nouns;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Turns flow records into connections: a bucket of keys at a time, once for every advance of event time.
 *
 * <p>Keyed by {@link FlowBlock#key}; beside it SKIPDATA records and changes of rules go to all. A block only waits here;
 * the first one since the last working sets the bucket's one timer just after the present watermark, so that the next
 * watermark works the bucket. A bucket that remembers anything sets its timer again, so the last watermark before the end
 * of the input reaches it too: that is how the end of what was read is known.
 *
 * <p>The watermark is in milliseconds and says that every record that ends at or before it is here.
 */
public final class TrackConnections extends KeyedBroadcastProcessFunction<Integer, FlowBlock, Notice, LifecycleEvent>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    /** Duplicates and connections, a sum for every working of a bucket. */
    public static final OutputTag<Accounts> ACCOUNTS = new OutputTag<>("track-connections-accounts", Nouns.ACCOUNTS);

    /** A part of the broadcast state, the other one is {@link KeptChanges#STATE}: times of lost records by interface. */
    public static final MapStateDescriptor<String, long[]> LOST_RECORDS = new MapStateDescriptor<>(
            "lost-records", Types.STRING, PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);

    private static final long UNKNOWN = Long.MAX_VALUE;
    private static final long SECOND = 1000;
    private static final long PRUNE_EVERY_SECONDS = 60 * 60;

    private final Timeouts timeouts;
    private final LiveFeed feed;
    private final RulesChange given;

    private transient KeptChanges rules;
    /** {@link RulesChange#afterMillis} of the rules in force, which names them. */
    private transient long inForce;

    private transient ConnectionTracker tracker;
    private transient FoldTime foldTime;
    private transient Bucket bucket;
    private transient long lastWatermark;
    private transient long prunedAt;

    /** By bucket, the timer it has: a record of a busy bucket need not ask the timer service. */
    private transient long[] timerOf;

    /** By bucket, the rules under which it was last worked: under others all its keys are looked at. */
    private transient long[] workedUnder;

    /**
     * @param feed with the ages that the rules ask for with which the job starts
     * @param given these rules
     */
    public TrackConnections(Timeouts timeouts, LiveFeed feed, RulesChange given) {
        this.timeouts = timeouts;
        this.feed = feed;
        this.given = given;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        rules = KeptChanges.restore(context.getOperatorStateStore(), given);
        inForce = given.afterMillis();
        workedUnder = new long[ConnectionKey.BUCKETS];
        Arrays.fill(workedUnder, rules.startedWithOthers() ? UNKNOWN : inForce);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        // All state is Flink's.
    }

    @Override
    public void open(OpenContext context) {
        foldTime = new FoldTime(timeouts.foldDelaySeconds());
        tracker = new ConnectionTracker(timeouts, feed);
        bucket = new Bucket(getRuntimeContext(), tracker, foldTime);
        lastWatermark = Long.MIN_VALUE;
        prunedAt = Long.MIN_VALUE;
        timerOf = new long[ConnectionKey.BUCKETS];
        Arrays.fill(timerOf, Long.MIN_VALUE);
    }

    @Override
    public void processElement(FlowBlock block, ReadOnlyContext context, Collector<LifecycleEvent> out)
            throws Exception {
        bucket.add(block);
        workAtNextWatermark(context);
    }

    @Override
    public void processBroadcastElement(Notice notice, Context context, Collector<LifecycleEvent> out)
            throws Exception {
        if (notice instanceof CoverageRecord lost) {
            remember(lost, context);
        } else {
            rules.add((RulesChange) notice, context.currentWatermark());
        }
    }

    private void remember(CoverageRecord coverage, Context context) throws Exception {
        BroadcastState<String, long[]> lost = context.getBroadcastState(LOST_RECORDS);
        String interfaceId = coverage.observer().interfaceId();
        lost.put(interfaceId, LostRecords.plus(lost.get(interfaceId), coverage.start(), coverage.end()));
        prune(lost, seconds(context.currentWatermark()));
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<LifecycleEvent> out) throws Exception {
        long watermark = context.currentWatermark();
        applyRules(watermark, out);
        BucketRun run = new BucketRun(out, context.getBroadcastState(LOST_RECORDS), foldTime);
        if (watermark == Long.MAX_VALUE) {
            // The timer stands just after the watermark that set it: after a restore it alone tells how far that was.
            bucket.finish(seconds(Math.max(lastWatermark, timestamp - 1)), run);
        } else {
            lastWatermark = Math.max(lastWatermark, watermark);
            int current = Buckets.of(context.getCurrentKey());
            boolean all = workedUnder[current] != inForce;
            workedUnder[current] = inForce;
            if (bucket.work(seconds(watermark), all, run)) {
                workAtNextWatermark(context);
            }
        }
        Accounts accounts = run.accounts();
        if (!accounts.amounts().isEmpty()) {
            context.output(ACCOUNTS, accounts);
        }
    }

    /** Hands other rules on just before the first thing that they are to judge. */
    private void applyRules(long watermark, Collector<LifecycleEvent> out) {
        RulesChange current = rules.at(watermark);
        if (current.afterMillis() != inForce) {
            inForce = current.afterMillis();
            tracker.tellAges(current.ages(), seconds(current.afterMillis()));
            out.collect(current);
        }
    }

    private void workAtNextWatermark(ReadOnlyContext context) {
        TimerService timers = context.timerService();
        long next = timers.currentWatermark() + 1;
        int current = Buckets.of(context.getCurrentKey());
        if (timerOf[current] != next) {
            timers.registerEventTimeTimer(next);
            timerOf[current] = next;
        }
    }

    /** Once an hour of event time: interfaces that have lost nothing for long cost nothing. */
    private void prune(BroadcastState<String, long[]> lost, long now) throws Exception {
        if (now <= prunedAt + PRUNE_EVERY_SECONDS) {
            return;
        }
        prunedAt = now;
        Iterator<Map.Entry<String, long[]>> entries = lost.iterator();
        while (entries.hasNext()) {
            Map.Entry<String, long[]> one = entries.next();
            long[] kept = LostRecords.since(one.getValue(), now - LostRecords.REMEMBERED_SECONDS);
            if (kept.length == 0) {
                entries.remove();
            } else {
                one.setValue(kept);
            }
        }
    }

    private static long seconds(long millis) {
        return Math.floorDiv(millis, SECOND);
    }
}
