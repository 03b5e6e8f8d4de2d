package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.source.discovery.LogObject;
import io.flowsentinel.source.discovery.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SlotTrackerTest {

    private static final String RANGE = "range";
    private static final SourceSettings SETTINGS = SourceSettings.bounded(List.of("s3://logs"));
    private static final long T0 = 1_716_613_200;

    @Test
    void objectsGoOutInTheOrderOfTheirSlots() {
        SlotTracker tracker = bounded(10);

        tracker.found(List.of(object("z", 2), object("b", 0), object("y", 1), object("a", 0)));

        assertThat(uris(drain(tracker))).containsExactly("a", "b", "y", "z");
    }

    @Test
    void readersAheadWaitWithinTheirNumberOfSlots() {
        SlotTracker tracker = bounded(2);
        tracker.found(List.of(object("a", 0), object("b", 1), object("c", 2), object("d", 3)));

        List<ObjectSplit> first = drain(tracker);
        tracker.finished(first.get(1).splitId(), Long.MIN_VALUE);
        List<ObjectSplit> whileTheOldestIsOpen = drain(tracker);
        tracker.finished(first.get(0).splitId(), Long.MIN_VALUE);
        List<ObjectSplit> then = drain(tracker);

        assertThat(uris(first)).containsExactly("a", "b", "c");
        assertThat(whileTheOldestIsOpen).isEmpty();
        assertThat(uris(then)).containsExactly("d");
    }

    @Test
    void aSlotIsClosedWhenAllItsObjectsAndAllBeforeAreRead() {
        SlotTracker tracker = bounded(10);
        tracker.found(List.of(object("a", 0), object("b", 0), object("c", 3), object("d", 7)));
        List<ObjectSplit> out = drain(tracker);
        List<Long> closed = new ArrayList<>();

        for (int next : new int[] {2, 0, 1, 3}) {
            tracker.finished(out.get(next).splitId(), Long.MIN_VALUE);
            tracker.closeWhatIsRead(Long.MAX_VALUE);
            closed.add((tracker.closedSlot() - T0) / Slots.LENGTH);
        }

        // The empty slots before the next object are closed with the ones read.
        assertThat(closed).containsExactly(-1L, -1L, 6L, 7L);
        assertThat(tracker.isDrained()).isTrue();
    }

    @Test
    void emptySlotsAreClosedUpToTheLimit() {
        SlotTracker tracker = continuous();

        tracker.close(slot(5));
        tracker.close(slot(3));

        assertThat(tracker.closedSlot()).isEqualTo(slot(5));
    }

    @Test
    void anOpenSlotHoldsTheLimitBack() {
        SlotTracker tracker = continuous();
        tracker.found(List.of(object("a", 2)));

        tracker.close(slot(5));

        assertThat(tracker.closedSlot()).isEqualTo(slot(1));
    }

    @Test
    void anObjectFoundAfterItsSlotWasClosedIsReadAndHoldsNothingUp() {
        SlotTracker tracker = continuous();
        tracker.close(slot(5));

        tracker.found(List.of(object("late", 2), object("next", 6)));
        tracker.close(slot(6));

        assertThat(tracker.closedSlot()).isEqualTo(slot(5));
        assertThat(drain(tracker)).extracting(ObjectSplit::late).containsExactly(true, false);
        assertThat(tracker.isDrained()).isFalse();
    }

    @Test
    void whatALookShowsAgainIsNotReadAgain() {
        SlotTracker tracker = continuous();
        List<LogObject> objects = List.of(object("a", 0), object("b", 1));
        tracker.found(objects);
        ObjectSplit first = tracker.next();

        tracker.found(objects);
        tracker.finished(first.splitId(), Long.MIN_VALUE);
        tracker.close(slot(0));
        tracker.found(objects);

        assertThat(uris(drain(tracker))).containsExactly("b");
        assertThat(tracker.objectsFound()).isEqualTo(2);
    }

    @Test
    void anObjectThatComesBackOpensItsSlotAgain() {
        SlotTracker tracker = bounded(10);
        tracker.found(List.of(object("a", 0), object("b", 1), object("c", 2)));
        List<ObjectSplit> out = drain(tracker);
        out.forEach(split -> tracker.finished(split.splitId(), Long.MIN_VALUE));
        tracker.closeWhatIsRead(Long.MAX_VALUE);
        ObjectSplit restored = new ObjectSplit(out.get(1).object(), 40, 0, false, Long.MIN_VALUE, false);

        tracker.returned(restored);
        tracker.returned(restored);
        tracker.closeWhatIsRead(Long.MAX_VALUE);

        assertThat(tracker.closedSlot()).isEqualTo(slot(0));
        assertThat(tracker.objectsFound()).isEqualTo(3);
        assertThat(drain(tracker)).containsExactly(restored);
    }

    @Test
    void anObjectWithoutASlotThatComesBackHoldsEventTimeAgain() {
        SlotTracker tracker = bounded(10);
        tracker.found(List.of(named("any", LogObject.UNKNOWN_SLOT)));
        ObjectSplit out = tracker.next();
        tracker.finished(out.splitId(), slot(4));
        tracker.closeWhatIsRead(Long.MAX_VALUE);

        tracker.returned(out);
        tracker.closeWhatIsRead(Long.MAX_VALUE);

        assertThat(tracker.closedSlot()).isEqualTo(Long.MIN_VALUE);
    }

    /** It was found when slots were closed already, as the root that was added at a restart is. */
    @Test
    void anObjectWithoutASlotThatComesBackLeavesClosedWhatTheCheckpointHadClosed() {
        SlotTracker tracker = continuous();
        tracker.close(slot(2));
        tracker.found(List.of(named("any", LogObject.UNKNOWN_SLOT)));
        ObjectSplit out = tracker.next();
        tracker.checkpointed(slot(2));
        tracker.finished(out.splitId(), Long.MIN_VALUE);
        tracker.close(slot(5));

        tracker.returned(out);
        tracker.close(slot(6));

        assertThat(tracker.closedSlot()).isEqualTo(slot(2));
    }

    @Test
    void anObjectWithoutASlotThatIsBroughtBackAfterARestoreLeavesClosedWhatWasClosed() {
        SlotTracker before = continuous();
        before.close(slot(5));
        before.found(List.of(named("any", LogObject.UNKNOWN_SLOT)));
        ObjectSplit out = before.next();

        SlotTracker after = new SlotTracker(4, roots(), before.progress(RANGE, false, strays(), 0, 0));
        after.returned(out);
        after.close(slot(6));
        long whileItIsRead = after.closedSlot();
        after.finished(after.next().splitId(), Long.MIN_VALUE);
        after.close(slot(6));

        assertThat(whileItIsRead).isEqualTo(slot(5));
        assertThat(after.closedSlot()).isEqualTo(slot(6));
    }

    @Test
    void anObjectWithoutASlotHoldsEventTimeUntilItIsRead() {
        SlotTracker tracker = bounded(10);
        tracker.found(List.of(object("a", 0), named("any", LogObject.UNKNOWN_SLOT)));
        List<ObjectSplit> out = drain(tracker);

        tracker.finished(out.get(1).splitId(), Long.MIN_VALUE);
        tracker.closeWhatIsRead(Long.MAX_VALUE);
        long before = tracker.closedSlot();
        tracker.finished(out.get(0).splitId(), slot(4) + 17);
        tracker.closeWhatIsRead(Long.MAX_VALUE);

        assertThat(uris(out)).containsExactly("any", "a");
        assertThat(before).isEqualTo(Long.MIN_VALUE);
        assertThat(tracker.closedSlot()).isEqualTo(slot(4));
    }

    @Test
    void aRestoredReadingTakesUpWhatWasNeitherReadNorHandedOut() {
        SlotTracker before = bounded(10);
        List<LogObject> objects = List.of(object("a", 0), object("b", 1), object("c", 2), object("d", 3));
        before.found(objects);
        before.finished(before.next().splitId(), Long.MIN_VALUE);
        ObjectSplit inTheMiddle = before.next();
        before.next();
        before.closeWhatIsRead(Long.MAX_VALUE);
        DiscoveryProgress progress = before.progress(RANGE, false, strays(), 0, 0);

        SlotTracker after = new SlotTracker(10, roots(), progress);
        ObjectSplit restored = new ObjectSplit(inTheMiddle.object(), 7, 0, false, Long.MIN_VALUE, false);
        after.returned(restored);
        after.found(objects);

        // c was handed out and no reader brings it back: it was finished just before the checkpoint was complete.
        List<ObjectSplit> out = drain(after);
        assertThat(uris(out)).containsExactly("b", "d");
        assertThat(out.get(0).lines()).isEqualTo(7);
        assertThat(after.objectsFound()).isEqualTo(4);
    }

    @Test
    void whatCameBackAndStillWaitsIsPartOfTheProgress() {
        SlotTracker before = bounded(10);
        before.found(List.of(object("a", 0)));
        ObjectSplit restored = new ObjectSplit(before.next().object(), 7, 0, false, Long.MIN_VALUE, false);
        before.returned(restored);

        SlotTracker after = new SlotTracker(10, roots(), before.progress(RANGE, false, strays(), 0, 0));
        after.found(List.of(restored.object()));

        assertThat(drain(after)).containsExactly(restored);
        assertThat(after.objectsFound()).isEqualTo(1);
    }

    /** A reading to a moment before that slot may go on from there: it finds the object anew, or not at all. */
    @Test
    void whatCameBackUnreadIsNotTakenAnyMoreAndWhatIsBegunIs() {
        SlotTracker tracker = bounded(10);
        tracker.found(List.of(object("a", 0), object("b", 1), object("c", 2)));
        List<ObjectSplit> out = drain(tracker);
        ObjectSplit begun = new ObjectSplit(out.get(1).object(), 7, 0, false, Long.MIN_VALUE, false);

        tracker.returned(out.get(2));
        long oneIsUnread = tracker.progress(RANGE, false, strays(), 0, 0).readUpTo();
        tracker.returned(begun);
        long oneIsBegun = tracker.progress(RANGE, false, strays(), 0, 0).readUpTo();

        assertThat(oneIsUnread).isEqualTo(slot(1));
        assertThat(oneIsBegun).isEqualTo(slot(1));
    }

    @Test
    void nothingIsClosedBeyondWhatHasBeenLookedFor() {
        SlotTracker tracker = bounded(10);
        tracker.found(List.of(object("a", 0), object("b", 3)));
        List<ObjectSplit> out = drain(tracker);
        out.forEach(split -> tracker.finished(split.splitId(), Long.MIN_VALUE));

        tracker.closeWhatIsRead(slot(1));
        long partly = tracker.closedSlot();
        tracker.closeWhatIsRead(Long.MAX_VALUE);

        assertThat(partly).isEqualTo(slot(1));
        assertThat(tracker.closedSlot()).isEqualTo(slot(3));
    }

    @Test
    void aLookThatGoesFurtherBackAfterARestoreFindsNothingTwice() {
        SlotTracker before = continuous();
        before.found(List.of(object("a", 0), object("b", 9)));
        drain(before).forEach(split -> before.finished(split.splitId(), Long.MIN_VALUE));
        before.close(slot(9));
        before.forgetBefore(slot(5));

        SlotTracker after = new SlotTracker(4, roots(), before.progress(RANGE, false, strays(), 0, 0));
        after.found(List.of(object("a", 0), object("published late", 7), object("b", 9)));

        assertThat(uris(drain(after))).containsExactly("published late");
    }

    @Test
    void progressDoesNotGrowWithHistory() {
        SlotTracker tracker = bounded(4);
        for (int slot = 0; slot < 1000; slot++) {
            tracker.found(List.of(object("object" + slot, slot)));
            tracker.finished(tracker.next().splitId(), Long.MIN_VALUE);
            tracker.closeWhatIsRead(Long.MAX_VALUE);
            tracker.forgetBefore(tracker.closedSlot() + 1);
        }

        DiscoveryProgress progress = tracker.progress(RANGE, false, strays(), 0, 0);

        assertThat(progress.taken()).isEmpty();
        assertThat(progress.handedOut()).isEqualTo(1000);
    }

    private static StrayBook strays() {
        return new StrayBook(DiscoveryProgress.none(SourceSettings.bounded(List.of("s3://logs"))));
    }

    private static SlotTracker bounded(int slotsAhead) {
        return new SlotTracker(slotsAhead, roots(), DiscoveryProgress.none(SETTINGS));
    }

    private static SlotTracker continuous() {
        return new SlotTracker(4, roots(), DiscoveryProgress.none(SETTINGS));
    }

    private static List<ObjectSplit> drain(SlotTracker tracker) {
        return Stream.generate(tracker::next)
                .takeWhile(java.util.Objects::nonNull)
                .toList();
    }

    private static List<String> uris(List<ObjectSplit> splits) {
        return splits.stream().map(split -> split.object().uri()).toList();
    }

    private static LogObject object(String uri, int slot) {
        return named(uri, slot(slot));
    }

    private static LogObject named(String uri, long slot) {
        return new LogObject(uri, 1, "0", slot, "", "", "");
    }

    private static long slot(int number) {
        return T0 + number * Slots.LENGTH;
    }

    private static Roots roots() {
        return Roots.of(SETTINGS.roots(), DiscoveryProgress.none(SETTINGS));
    }
}
