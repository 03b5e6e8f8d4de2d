package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Tally;

/**
 * The latest marks, which wait a little for others about the same and are added up with them. Connections of two addresses
 * come close together, as they share a bucket (see {@link io.flowsentinel.model.ConnectionKey#bucket}); of marks for
 * panes of an hour half and more meet one that waits here (usual mix of {@code scripts/bench.sh}), though there are so few
 * places that all of them stay in the processor's caches. Of marks for panes of a minute few do.
 */
final class RecentMarks implements MarkTaker {

    /** A power of two. */
    private static final int PLACES = 256;

    private final Mark[] marks = new Mark[PLACES];
    private final MarkTaker next;

    private record Mark(SubjectPart part, long due, boolean fact, Cell cell, Tally tally) {

        /** When it is due follows from the part's pane. */
        boolean isAbout(SubjectPart thisPart, boolean thisIsFact, Cell thisCell) {
            return fact == thisIsFact && part.equals(thisPart) && cell.equals(thisCell);
        }
    }

    /** @param next takes what has to make room, or is due */
    RecentMarks(MarkTaker next) {
        this.next = next;
    }

    @Override
    public void add(SubjectPart part, long due, boolean fact, Cell cell, Tally tally) {
        int place = part.hashCode() + cell.hashCode() & PLACES - 1;
        Mark waiting = marks[place];
        if (waiting != null && waiting.isAbout(part, fact, cell)) {
            waiting.tally().add(tally);
            return;
        }
        marks[place] = new Mark(part, due, fact, cell, tally);
        if (waiting != null) {
            handOn(waiting);
        }
    }

    /** Hands on what has to be there when event time is this far, in epoch seconds. */
    void handOnDue(long time) {
        for (int place = 0; place < PLACES; place++) {
            Mark waiting = marks[place];
            if (waiting != null && waiting.due() <= time) {
                marks[place] = null;
                handOn(waiting);
            }
        }
    }

    /** Hands on all there is. */
    void handOnAll() {
        handOnDue(Long.MAX_VALUE);
    }

    private void handOn(Mark mark) {
        next.add(mark.part(), mark.due(), mark.fact(), mark.cell(), mark.tally());
    }
}
