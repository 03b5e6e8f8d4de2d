package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.rule.Catalogue;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gathers what one subtask has to say until it has to be sent. Most subjects are spoken of a few times, and these marks are
 * packed as they come. Of those that many marks are about the rest of the pane is added up here: a flood of connections to
 * one service, or all health checks of one originator, cross the key exchange as one page a pane.
 */
final class PartialTallies implements MarkTaker {

    /** Pages that are added up here. */
    private static final int MOST = 1 << 15;

    /** Nor are there more cells, of all these pages together. */
    private static final int MOST_CELLS = 500_000;

    private final PackedMarks packed;
    private final PackedMarks addedUp;
    private final Map<SubjectPart, Held> held = new HashMap<>();

    /** Of what is held, and of what was until it was sent. */
    private final HashesSeen heldHashes;

    private final int most;

    private int cells;

    /** Of what is held, in epoch seconds of event time. */
    private long earliestDue = Long.MAX_VALUE;

    PartialTallies(Consumer<PartialBlock> out) {
        this(out, MOST);
    }

    /** @param most how many pages are added up here, a power of two from 4 */
    PartialTallies(Consumer<PartialBlock> out, int most) {
        this.most = most;
        this.heldHashes = new HashesSeen(most);
        this.packed = PackedMarks.givingAway(this::take, out);
        this.addedUp = PackedMarks.ofAddedUp(out);
    }

    /**
     * A page that is added up here.
     *
     * @param due epoch seconds of event time by which it has to be there
     */
    private record Held(PageInHand page, long due) {}

    @Override
    public void add(SubjectPart part, long due, boolean fact, Cell cell, Tally tally) {
        Held known = heldHashes.mayHaveSeen(part.hashCode()) ? held.get(part) : null;
        if (known == null) {
            packed.add(part, due, fact, cell, tally);
            return;
        }
        add(known, fact, cell, tally);
        if (cells >= MOST_CELLS) {
            sendHeld();
        }
    }

    private void add(Held one, boolean fact, Cell cell, Tally tally) {
        cells += one.page().add(fact, cell, tally);
    }

    /** Where there are too many pages already, what there is of this one is sent. */
    private void take(SubjectPart part, long due, Page page) {
        boolean room = held.size() < most || held.containsKey(part);
        Held one = room ? hold(part, due) : held(part, due);
        page.counting().forEach((cell, tally) -> add(one, false, cell, tally));
        page.facts().forEach((cell, tally) -> add(one, true, cell, tally));
        if (!room) {
            write(part, one);
            addedUp.send();
        } else if (cells >= MOST_CELLS) {
            sendHeld();
        }
    }

    private Held hold(SubjectPart part, long due) {
        earliestDue = Math.min(earliestDue, due);
        heldHashes.see(part.hashCode());
        return held.computeIfAbsent(part, unseen -> held(part, due));
    }

    private static Held held(SubjectPart part, long due) {
        return new Held(new PageInHand(Catalogue.family(part.family())), due);
    }

    /** Sends all there is. Where it is known which cells are not judged, that is remembered until the pane is over. */
    void send() {
        packed.send();
        sendHeld();
    }

    private void sendHeld() {
        held.forEach(this::write);
        addedUp.send();
    }

    /** Sends what has to be there when event time is this far, in epoch seconds. */
    void sendDue(long time) {
        packed.sendDue(time);
        if (earliestDue > time) {
            return;
        }
        earliestDue = Long.MAX_VALUE;
        held.entrySet().removeIf(one -> {
            long due = one.getValue().due();
            if (due <= time) {
                write(one.getKey(), one.getValue());
            } else {
                earliestDue = Math.min(earliestDue, due);
            }
            return due <= time;
        });
        heldHashes.clear();
        held.keySet().forEach(part -> heldHashes.see(part.hashCode()));
        addedUp.send();
    }

    private void write(SubjectPart part, Held one) {
        cells -= one.page().size();
        Page page = one.page().take();
        page.counting().forEach((cell, tally) -> addedUp.add(part, one.due(), false, cell, tally));
        page.facts().forEach((cell, tally) -> addedUp.add(part, one.due(), true, cell, tally));
    }
}
