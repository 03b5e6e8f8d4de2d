package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.serde.Nouns;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Turns flow records into connections: a bucket of keys at a time, once for every advance of event time.
 *
 * <p>Keyed by {@link BucketKeys#of}; beside it the SKIPDATA records go to all (accept-flows lets no others through). A
 * record only waits here; the first record since the last working sets the bucket's one timer just after the present
 * watermark, so that the next watermark works the bucket. A bucket that remembers anything sets its timer again, so the last watermark before the end of the
 * input reaches it too: that is how the end of what was read is known.
 *
 * <p>The watermark is in milliseconds and says that every record that ends at or before it is here.
 */
public final class TrackConnections
        extends KeyedBroadcastProcessFunction<Integer, FlowRecord, CoverageRecord, Connection> {

    private static final long serialVersionUID = 1L;

    /** Duplicates and connections, a sum for every working of a bucket. */
    public static final OutputTag<Accounts> ACCOUNTS = new OutputTag<>("track-connections-accounts", Nouns.ACCOUNTS);

    /** Every record that was taken into a connection, when it was. */
    public static final OutputTag<FoldedRecord> FOLDED = new OutputTag<>("folded", Nouns.FOLDED_RECORD);

    /** The broadcast state: times of lost records by interface. */
    public static final MapStateDescriptor<String, long[]> LOST_RECORDS = new MapStateDescriptor<>(
            "lost-records", Types.STRING, PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);

    private static final long SECOND = 1000;
    private static final long PRUNE_EVERY_SECONDS = 60 * 60;

    private final Timeouts timeouts;
    private final LiveFeed feed;

    private transient FoldTime foldTime;
    private transient Bucket bucket;
    private transient long lastWatermark;
    private transient long prunedAt;

    /** By bucket, the timer it has: a record of a busy bucket need not ask the timer service. */
    private transient long[] timerOf;

    public TrackConnections(Timeouts timeouts, LiveFeed feed) {
        this.timeouts = timeouts;
        this.feed = feed;
    }

    @Override
    public void open(OpenContext context) {
        foldTime = new FoldTime(timeouts.foldDelaySeconds());
        bucket = new Bucket(getRuntimeContext(), new ConnectionTracker(timeouts, feed));
        lastWatermark = Long.MIN_VALUE;
        prunedAt = Long.MIN_VALUE;
        timerOf = new long[ConnectionKey.BUCKETS];
        Arrays.fill(timerOf, Long.MIN_VALUE);
    }

    @Override
    public void processElement(FlowRecord flow, ReadOnlyContext context, Collector<Connection> out) throws Exception {
        bucket.add(flow);
        workAtNextWatermark(context);
    }

    @Override
    public void processBroadcastElement(CoverageRecord coverage, Context context, Collector<Connection> out)
            throws Exception {
        BroadcastState<String, long[]> lost = context.getBroadcastState(LOST_RECORDS);
        String interfaceId = coverage.observer().interfaceId();
        lost.put(interfaceId, LostRecords.plus(lost.get(interfaceId), coverage.start(), coverage.end()));
        prune(lost, seconds(context.currentWatermark()));
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Connection> out) throws Exception {
        long watermark = context.currentWatermark();
        BucketRun run = new BucketRun(
                out, folded -> context.output(FOLDED, folded), context.getBroadcastState(LOST_RECORDS), foldTime);
        if (watermark == Long.MAX_VALUE) {
            // The timer stands just after the watermark that set it: after a restore it alone tells how far that was.
            bucket.finish(seconds(Math.max(lastWatermark, timestamp - 1)), run);
        } else {
            lastWatermark = Math.max(lastWatermark, watermark);
            if (bucket.work(seconds(watermark), run)) {
                workAtNextWatermark(context);
            }
        }
        Accounts accounts = run.accounts();
        if (!accounts.amounts().isEmpty()) {
            context.output(ACCOUNTS, accounts);
        }
    }

    private void workAtNextWatermark(ReadOnlyContext context) {
        TimerService timers = context.timerService();
        long next = timers.currentWatermark() + 1;
        int current = BucketKeys.bucket(context.getCurrentKey());
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
