package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.rule.Catalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Asks the routers of all families what an element means, gathers it, at the longest until its pane is judged, and sends
 * it where subjects are judged. Nothing is kept over a checkpoint, so there is no state.
 *
 * @param <T> what there is to know
 */
abstract class Tallying<T> extends AbstractStreamOperator<PartialBlock>
        implements OneInputStreamOperator<T, PartialBlock> {

    private static final long serialVersionUID = 1L;
    private static final long MILLIS = 1_000;

    private final Duration aggregationInterval;
    private transient PartialTallies ofMinutes;
    private transient PartialTallies ofHours;
    private transient RecentMarks recentOfHours;

    Tallying(Duration aggregationInterval) {
        this.aggregationInterval = aggregationInterval;
    }

    /** A family with something to say about elements of this kind. */
    record Desk<R>(R router, Marks marks) {}

    /** Finds a family's router for elements of this kind; null where it has none. */
    interface RouterOf<R> {
        R in(Family family);
    }

    @Override
    public void open() throws Exception {
        super.open();
        StreamRecord<PartialBlock> sent = new StreamRecord<>(null);
        // What is due within minutes is not to send along what may wait for an hour.
        ofMinutes = new PartialTallies(block -> output.collect(sent.replace(block)));
        ofHours = new PartialTallies(block -> output.collect(sent.replace(block)));
        recentOfHours = new RecentMarks(ofHours);
    }

    /** The desks of all families that have one. */
    final <R> List<Desk<R>> desks(RouterOf<R> routers) {
        List<Desk<R>> desks = new ArrayList<>();
        for (Family family : Catalogue.FAMILIES) {
            R router = routers.in(family);
            if (router != null) {
                MarkTaker taker = family.hourly() ? recentOfHours : ofMinutes;
                desks.add(new Desk<>(router, new FamilyMarks(family, family.panes(aggregationInterval), taker)));
            }
        }
        return desks;
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        long time = Math.floorDiv(mark.getTimestamp(), MILLIS);
        tellDue(time);
        recentOfHours.handOnDue(time);
        ofMinutes.sendDue(time);
        ofHours.sendDue(time);
        super.processWatermark(mark);
    }

    /**
     * Asks routers about the elements that still wait for that, and for what they have put off, as far as it has to be there
     * when event time is this far.
     *
     * @param time epoch seconds; {@link Long#MAX_VALUE} where nothing may be left
     */
    abstract void tellDue(long time);

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        send();
    }

    @Override
    public void finish() throws Exception {
        send();
        super.finish();
    }

    private void send() {
        tellDue(Long.MAX_VALUE);
        recentOfHours.handOnAll();
        ofMinutes.send();
        ofHours.send();
    }
}
