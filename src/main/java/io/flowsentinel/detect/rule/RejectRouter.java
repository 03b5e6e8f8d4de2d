package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rejected openings of TCP connections, by the interface at which they were rejected; the way is the cell's side. Of all
 * else only that the interface is there: of each hour, which is what {@link Points} knows, the first point that is heard of,
 * and any before it, for in one of them the interface may be there for the first time.
 */
final class RejectRouter implements ConnectionRouter {

    /** The way of the rejected packets at the interface, by which they are counted apart. */
    static final List<String> DIRECTIONS = List.of("egress", "ingress", "unknown");

    /** How many shares originators are counted in, as a power of two. */
    private static final int SHARES_LOG2 = 6;

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private static final Cell PRESENT = Cell.ofSubject(null);

    private final List<RuleSettings> rules;
    private final long point;
    private final Told told = new Told();

    /** Of the family; null before the first connection. */
    private Panes panes;

    /** Seconds: a point is no shorter than a pane. */
    private long length;

    /** How many points go together. */
    private int together;

    RejectRouter(Rules rules) {
        this.rules = rules.on(RejectBurst.ID);
        this.point = rules.rule(RejectBurst.ID).window().toSeconds();
    }

    @Override
    public void route(ClosedConnection closed, Marks marks) {
        present(closed, marks);
        if (!closed.tcp()) {
            return;
        }
        Set<String> routed = null;
        for (Observation seen : closed.connection().observations()) {
            if (seen.action() == Action.REJECT && seen.fromOriginator() && closed.opens(seen)) {
                routed = routed == null ? new TreeSet<>() : routed;
                String side = side(closed, seen);
                if (routed.add(seen.observer().interfaceId() + " " + side)) {
                    mark(closed, seen, side, marks);
                }
            }
        }
    }

    /** Told in the last pane of the point: whichever of the point's connections is heard of first, it is not judged yet. */
    private void present(ClosedConnection closed, Marks marks) {
        if (panes == null) {
            divide(marks.panes());
        }
        long nth = Math.floorDiv(panes.entering(closed.start(), closed.decidedAt()), length);
        long pane = panes.of((nth + 1) * length - 1);
        Observer last = null;
        for (Observation seen : closed.connection().observations()) {
            Observer by = seen.observer();
            if (!by.equals(last) && told.isFirst(by.scope(), by.interfaceId(), nth, together)) {
                Subject subject = Subject.of(RejectBurst.FAMILY.space(), by.scope(), by.interfaceId());
                marks.add(subject, PRESENT, true, pane, closed.decidedAt(), Tally.fact(0));
            }
            last = by;
        }
    }

    /** Where whole points make an hour, those of one go together. */
    private void divide(Panes ofFamily) {
        panes = ofFamily;
        length = Math.max(point, panes.length());
        boolean divided = length % point == 0 && Points.HOUR % length == 0;
        together = divided ? (int) (Points.HOUR / length) : 1;
    }

    private void mark(ClosedConnection closed, Observation rejected, String side, Marks marks) {
        String scope = rejected.observer().scope();
        String interfaceId = rejected.observer().interfaceId();
        Cell cell = new Cell(
                null, shareOf(closed.originator()), closed.protocol(), side, AllowLists.covering(rules, closed));
        Tally tally = Tally.of(closed.sample(scope, interfaceId), closed.coverageGap());
        marks.add(Subject.of(RejectBurst.FAMILY.space(), scope, interfaceId), cell, closed, tally);
    }

    static int shareOf(IpAddress originator) {
        long mixed = Cell.fingerprint(originator, 0, FlowRecord.TCP) * GOLDEN;
        return (int) (mixed >>> Long.SIZE - SHARES_LOG2);
    }

    /** The way the packets went; where the log does not say, out of the internal networks or into them. */
    private static String side(ClosedConnection closed, Observation rejected) {
        if (rejected.flowDirection() != FlowDirection.ABSENT) {
            return rejected.flowDirection() == FlowDirection.EGRESS ? "egress" : "ingress";
        }
        if (closed.originatorInternal() == closed.responderInternal()) {
            return "unknown";
        }
        return closed.originatorInternal() ? "egress" : "ingress";
    }
}
