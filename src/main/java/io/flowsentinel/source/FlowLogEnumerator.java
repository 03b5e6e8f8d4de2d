package io.flowsentinel.source;

import io.flowsentinel.source.discovery.Discovered;
import io.flowsentinel.source.discovery.DiscoveryLoop;
import io.flowsentinel.source.discovery.LogObject;
import io.flowsentinel.source.discovery.ObjectDiscovery;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.annotation.Nullable;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out objects in the order of their slots and moves event time when slots are closed. All methods run on the
 * coordinator's thread; only the look for objects runs elsewhere.
 *
 * <p>Readers that start, first or anew, report the splits they were restored with and wait. While any of them is
 * missing nothing is handed out and event time stands still, since a reader that is not back may return objects of any
 * slot the last checkpoint had open.
 */
final class FlowLogEnumerator implements SplitEnumerator<ObjectSplit, DiscoveryProgress> {

    /** While so many objects wait, no more are looked for: that bounds memory however long the range is. */
    private static final int ENOUGH_WAITING = 10_000;

    /** Two hours of records wait in state at the most when one object holds up all others. */
    private static final int MOST_SLOTS_AHEAD = 24;

    /** The reader that gives out the totals. */
    private static final int TELLS_TOTALS = 0;

    private static final Logger LOG = LoggerFactory.getLogger(FlowLogEnumerator.class);

    private final SplitEnumeratorContext<ObjectSplit> context;
    private final SourceSettings settings;
    private final ObjectDiscovery discovery;
    private final SlotTracker tracker;
    private final StrayBook strays;
    private final Comeback comeback;
    private final FailedCheckpoints failedCheckpoints = new FailedCheckpoints();
    private final DiscoveryLoop loop;
    private final DiscoveryMetrics metrics;
    private final Clock clock;
    private final SlotClosing closing;

    private final Roots roots;

    /** Why this reading must not go on from its savepoint; null where it may. */
    @Nullable
    private final RuntimeException refusal;

    private final Deque<Integer> asking = new ArrayDeque<>();
    private final Map<Integer, EventTimeReached> told = new HashMap<>();

    /** What all readers were told; null when one of them has come anew. */
    @Nullable
    private EventTimeReached toldLast;

    private final Set<Integer> dismissed = new HashSet<>();
    private final TreeMap<Long, Checkpointed> checkpoints = new TreeMap<>();

    /** Progress of another range tells nothing about this one, and neither do the splits readers bring from it. */
    private boolean ignoresRestoredSplits;

    /** Whether a restored reader may have ended for good and so never come back to register. */
    private boolean endIsCheckpointed;

    /** Whether the first answer to a look has come. */
    private boolean looked;

    /** Whether a look has covered the whole range. */
    private boolean allFound;

    /** Whether the last answer left some of its range to the next one. */
    private boolean lookIsPartial;

    /** Whether a look that was asked for once is under way. */
    private boolean looking;

    /** Whether looks are repeated. */
    private boolean repeats;

    /** Whether looks are to wait for readers. */
    private volatile boolean enoughWaiting;

    /** When the last look was over, epoch milliseconds; written and read by the worker thread. */
    private long lookedAt;

    private long listCalls;
    private final long listFailuresBefore;

    /** What a checkpoint holds that matters once it is complete. */
    private record Checkpointed(long closedSlot, boolean ended) {}

    FlowLogEnumerator(
            SplitEnumeratorContext<ObjectSplit> context,
            SourceSettings settings,
            ObjectDiscovery discovery,
            DiscoveryMetrics metrics,
            Clock clock,
            @Nullable DiscoveryProgress restored) {
        this.context = context;
        this.settings = settings;
        this.discovery = discovery;
        this.metrics = metrics;
        this.clock = clock;
        ignoresRestoredSplits = restored != null && !settings.goesOnFrom(restored);
        DiscoveryProgress progress = restored == null || ignoresRestoredSplits
                ? DiscoveryProgress.none(settings)
                : restored.endingWith(settings.lastSlot());
        if (ignoresRestoredSplits) {
            LOG.warn("source.filter is not that of the restored state, or source.to has cut it off: the range is read"
                    + " from its beginning");
        }
        refusal = restored == null ? null : SavedInput.refusal(restored, settings);
        roots = Roots.of(settings.roots(), progress);
        tellChanges(progress);
        endIsCheckpointed = progress.ended() && !settings.continuous();
        // With one object a slot, so many slots keep all readers busy.
        int busy = settings.reading().inFlight() * context.currentParallelism();
        int slotsAhead = Math.max(settings.slotsAhead(), Math.min(busy, MOST_SLOTS_AHEAD));
        tracker = new SlotTracker(slotsAhead, roots, progress);
        strays = new StrayBook(progress);
        comeback = new Comeback(restored != null && !ignoresRestoredSplits);
        loop = new DiscoveryLoop(
                discovery,
                settings.discovery(),
                settings.range(),
                progress.firstLook(settings),
                settings.maxDelay(),
                clock,
                wait -> Thread.sleep(wait.toMillis()));
        listCalls = progress.listCalls();
        listFailuresBefore = progress.listFailures();
        closing = new SlotClosing(settings, tracker);
        metrics.begin(this::listFailures);
    }

    @Override
    public void start() {
        if (refusal != null) {
            // Here and not in the constructor, whose failure Flink notices only when checkpoints have long failed.
            throw refusal;
        }
        if (endIsCheckpointed) {
            looked = true;
            allFound = true;
        } else {
            lookOn();
        }
    }

    @Override
    public void addReader(int subtask) {
        toldLast = null;
        if (!ignoresRestoredSplits) {
            List<ObjectSplit> reported =
                    context.registeredReaders().get(subtask).getReportedSplitsOnRegistration();
            // Where the range now begins later, what was begun before it is not gone on with.
            returned(reported.stream()
                    .filter(split -> settings.range().contains(split.slot()))
                    .toList());
        }
        proceed();
    }

    @Override
    public void addSplitsBack(List<ObjectSplit> splits, int subtask) {
        comeback.lost();
        returned(splits);
        asking.removeIf(asker -> asker == subtask);
        told.remove(subtask);
        toldLast = null;
        dismissed.remove(subtask);
    }

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {
        asking.add(subtask);
        proceed();
    }

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        if (!(event instanceof ObjectFinished finished)) {
            throw new IllegalArgumentException("a reader sent " + event);
        }
        tracker.finished(finished.id(), finished.latestSeconds());
        proceed();
    }

    @Override
    public DiscoveryProgress snapshotState(long checkpointId) {
        boolean ended = isEnded();
        checkpoints.put(checkpointId, new Checkpointed(tracker.closedSlot(), ended));
        return tracker.progress(settings.rangeId(roots.begins().keySet()), ended, strays, listCalls, listFailures());
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        ignoresRestoredSplits = false;
        Checkpointed complete = checkpoints.get(checkpointId);
        if (complete != null) {
            tracker.checkpointed(complete.closedSlot());
            closing.forgetAfterCheckpoint(complete.closedSlot(), loop.showsNothingBefore());
            endIsCheckpointed = complete.ended();
        }
        checkpoints.headMap(checkpointId, true).clear();
        failedCheckpoints.completed();
        comeback.checkpointed(clock.instant());
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) {
        // The one that is under way when the job ends is no loss.
        if (!isOver()) {
            failedCheckpoints.aborted(checkpointId).ifPresent(LOG::warn);
        }
    }

    @Override
    public void close() throws IOException {
        // The look under way runs on a thread of the context, which ends it.
        discovery.close();
    }

    /** How many objects have been found so far. */
    long objectsFound() {
        return tracker.objectsFound();
    }

    private void tellChanges(DiscoveryProgress restored) {
        if (restored.closedSlot() != Long.MIN_VALUE) {
            roots.added(restored)
                    .forEach((place, begin) -> LOG.info(
                            "source.uri {} is no root of the restored state: it is read from {} on",
                            place,
                            Instant.ofEpochSecond(begin)));
            roots.left(restored)
                    .forEach(place -> LOG.info(
                            "source.uri {} of the restored state is not read any more, but for objects that are begun",
                            place));
        }
    }

    /** The repeated look, on the worker thread; null where it would only add to what waits, or comes right after one. */
    @Nullable
    private Discovered lookAgain() throws IOException {
        boolean late =
                clock.millis() - lookedAt < settings.discovery().interval().toMillis() / 2;
        return enoughWaiting || late ? null : look();
    }

    private Discovered look() throws IOException {
        try {
            return loop.look();
        } finally {
            lookedAt = clock.millis();
        }
    }

    private void returned(List<ObjectSplit> splits) {
        comeback.returned(splits.size());
        splits.forEach(tracker::returned);
    }

    private void lookOn() {
        if (!looking) {
            looking = true;
            context.callAsync(this::look, (discovered, failure) -> {
                looking = false;
                onLook(discovered, failure);
            });
        }
    }

    private void onLook(@Nullable Discovered discovered, @Nullable Throwable failure) {
        if (failure != null) {
            throw new ObjectsUnavailable(failure.getMessage(), failure);
        }
        if (discovered == null) {
            return;
        }
        listCalls += discovered.listCalls();
        found(discovered.objects());
        strays.found(discovered.strays());
        closing.looked(discovered.asOf(), discovered.completeTo());
        looked = true;
        lookIsPartial = !discovered.isComplete();
        allFound |= discovered.isComplete();
        if (allFound && settings.continuous() && !repeats) {
            repeats = true;
            long interval = settings.discovery().interval().toMillis();
            context.callAsync(this::lookAgain, this::onLook, interval, interval);
        }
        proceed();
    }

    private void found(List<LogObject> objects) {
        long lateBefore = tracker.objectsFoundLate();
        tracker.found(objects);
        if (!settings.continuous() && lateBefore == 0 && tracker.objectsFoundLate() > 0) {
            LOG.warn("objects stand in the folder of a later day than their names say, or were published late: they are"
                    + " read, but their records come behind event time and may be missing from their connections");
        }
    }

    private void proceed() {
        if (!endIsCheckpointed && context.registeredReaders().size() < context.currentParallelism()) {
            return;
        }
        comeback.complete(tracker.closedSlot()).ifPresent(LOG::warn);
        if (looked) {
            closing.closeSlots();
        }
        show();
        tell(closing.eventTimeMillis());
        if (!looked) {
            return;
        }
        handOut();
        enoughWaiting = tracker.objectsWaiting() >= ENOUGH_WAITING;
        if (lookIsPartial && tracker.objectsWaiting() < ENOUGH_WAITING) {
            lookOn();
        }
        if (isOver()) {
            tell(closing.endMillis());
            dismiss();
        }
    }

    private void show() {
        metrics.show(new DiscoveryMetrics.Shown(
                totals(),
                tracker.objectsFinished(),
                tracker.objectsWaiting(),
                tracker.objectsFoundLate(),
                tracker.oldestOpenSlot(),
                closing.eventTimeMillis(),
                allFound));
    }

    private DiscoveryTotals totals() {
        return new DiscoveryTotals(
                tracker.objectsFound(), strays.count(), listCalls, listFailures(), tracker.closedSlot());
    }

    private long listFailures() {
        return listFailuresBefore + loop.failures();
    }

    private void tell(long timeMillis) {
        EventTimeReached time = new EventTimeReached(timeMillis, null);
        EventTimeReached news = new EventTimeReached(timeMillis, looked ? totals() : null);
        if (news.equals(toldLast)) {
            return;
        }
        toldLast = news;
        for (int subtask : context.registeredReaders().keySet()) {
            EventTimeReached ofSubtask = subtask == TELLS_TOTALS ? news : time;
            if (!dismissed.contains(subtask) && !ofSubtask.equals(told.put(subtask, ofSubtask))) {
                context.sendEventToSourceReader(subtask, ofSubtask);
            }
        }
    }

    private void handOut() {
        while (!asking.isEmpty()) {
            ObjectSplit split = tracker.next();
            if (split == null) {
                return;
            }
            context.assignSplit(split, asking.remove());
        }
    }

    private boolean isOver() {
        return !settings.continuous() && allFound && tracker.isDrained();
    }

    private void dismiss() {
        for (int subtask : context.registeredReaders().keySet()) {
            if (dismissed.add(subtask)) {
                context.signalNoMoreSplits(subtask);
            }
        }
    }

    private boolean isEnded() {
        return isOver() && dismissed.size() == context.currentParallelism();
    }
}
