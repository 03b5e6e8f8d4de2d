package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.TcpFlags;
import java.util.List;
import java.util.Map;

/**
 * TCP connections by the internal responder's port: how they began, at their start, and how they ended, at their end.
 * Originators are not told apart in what counts: a flood may come from as many addresses as there are. Who resets is a
 * fact, of which there may be too many without harm to what counts.
 */
final class FloodRouter implements ConnectionRouter {

    static final Family FAMILY = Family.ofMinutes(12)
            .judging(2)
            .resting()
            .rule(SynFlood.ID, rules -> new SynFlood(rules.rule(SynFlood.ID)))
            .rule(ResetStorm.ID, rules -> new ResetStorm(rules.rule(ResetStorm.ID)))
            .connections(FloodRouter::new);

    static final String HALF_OPEN = "half-open";
    static final String RESET = "reset";

    static final Cell COMPLETED = Cell.ofSubject("completed");

    /** Closed by both sides: SF. */
    static final Cell CLOSED = Cell.ofSubject("closed");

    /** The two that are normal. */
    private static final Cell[] KINDS = {COMPLETED, CLOSED};

    private static final int AS_COMPLETED = 0;
    private static final int AS_CLOSED = 1;

    /** The originator is one of those whose connections were reset. */
    static final int RESET_ORIGINATOR = 1 << 2;

    /** A reset after as many seconds of silence is somebody's timeout. */
    private static final long IDLE = 300;

    private final List<RuleSettings> rules;
    private final HowOften<Endpoint> counted = HowOften.ofEndpoints(FloodRouter::subject, KINDS);

    FloodRouter(Rules rules) {
        this.rules = rules.on(SynFlood.ID, ResetStorm.ID);
    }

    @Override
    public void route(ClosedConnection closed, Marks marks) {
        if (!closed.tcp() || !closed.responderInternal()) {
            return;
        }
        Connection connection = closed.connection();
        boolean halfOpen = closed.halfOpen() && certain(connection);
        boolean reset = reset(connection.state()) && closed.answered();
        boolean closedByBoth = connection.state() == ConnState.SF;
        if (!halfOpen && !closed.completed() && !reset && !closedByBoth) {
            return;
        }
        Subject subject = subject(connection.scope(), connection.responder().endpoint());
        Map<String, String> allowedBy = AllowLists.covering(rules, closed);
        if (halfOpen) {
            bad(subject, cell(closed, HALF_OPEN, allowedBy), closed, closed.start(), marks);
        } else if (closed.completed()) {
            normal(subject, AS_COMPLETED, closed, closed.start(), allowedBy, marks);
        }
        if (closedByBoth) {
            normal(subject, AS_CLOSED, closed, connection.end(), allowedBy, marks);
        }
        long at = reset ? resetAt(connection) : 0;
        if (reset && !wasIdle(connection, at)) {
            bad(subject, cell(closed, RESET, allowedBy), closed, at, marks);
            Cell originator = new Cell(closed.originator(), 0, closed.protocol(), null, allowedBy);
            marks.add(subject, originator, true, at, closed.decidedAt(), Tally.fact(RESET_ORIGINATOR));
        }
    }

    private static void bad(Subject subject, Cell cell, ClosedConnection closed, long at, Marks marks) {
        Tally tally = Tally.of(closed.sample(), closed.coverageGap());
        marks.add(subject, cell, false, at, closed.decidedAt(), tally);
    }

    /** Nobody is shown what is normal: of it only the number is told. */
    private void normal(
            Subject subject, int kind, ClosedConnection closed, long at, Map<String, String> allowedBy, Marks marks) {
        if (allowedBy.isEmpty()) {
            long pane = marks.panes().entering(at, closed.decidedAt());
            Connection connection = closed.connection();
            counted.count(connection.scope(), connection.responder().endpoint(), pane, kind, marks);
        } else {
            Cell cell = new Cell(null, 0, 0, KINDS[kind].side(), allowedBy);
            marks.add(subject, cell, true, at, closed.decidedAt(), Tally.fact(0, 1));
        }
    }

    @Override
    public void tellDue(long time, Marks marks) {
        counted.tellDue(time, marks);
    }

    private static Cell cell(ClosedConnection closed, String side, Map<String, String> allowedBy) {
        return new Cell(null, closed.port(), closed.protocol(), side, allowedBy);
    }

    private static Subject subject(String scope, Endpoint responder) {
        return Subject.of(FAMILY.space(), scope, responder.address(), responder.port());
    }

    /** The end of the input is not silence, and where one direction is not logged every connection looks half-open. */
    private static boolean certain(Connection connection) {
        return connection.endReason() != EndReason.END_OF_INPUT && !connection.has(Trait.ONE_SIDED);
    }

    private static boolean reset(ConnState state) {
        return state == ConnState.RSTO || state == ConnState.RSTR;
    }

    /**
     * The end of the record that carries the RST. Of the records of one side at one interface only the last end is
     * known, so packets that come after the RST make it later.
     */
    private static long resetAt(Connection connection) {
        boolean byOriginator = connection.state() == ConnState.RSTO;
        long at = Long.MAX_VALUE;
        for (Observation seen : connection.observations()) {
            if (seen.fromOriginator() == byOriginator
                    && seen.action() == Action.ACCEPT
                    && (TcpFlags.mask(seen.flags()) & TcpFlags.RST) != 0) {
                at = Math.min(at, seen.end());
            }
        }
        return at == Long.MAX_VALUE ? connection.end() : at;
    }

    /**
     * Whether the other side had been silent for long before the RST. Silence between records of one side cannot be
     * seen in a closed connection, but whoever still talks is answered, if only by acknowledgements.
     */
    private static boolean wasIdle(Connection connection, long resetAt) {
        boolean byOriginator = connection.state() == ConnState.RSTO;
        long lastOfOther = connection.start();
        for (Observation seen : connection.observations()) {
            if (seen.fromOriginator() != byOriginator && seen.action() == Action.ACCEPT) {
                lastOfOther = Math.max(lastOfOther, seen.end());
            }
        }
        return resetAt - lastOfOther >= IDLE;
    }
}
