package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.BaselineNeeded;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An internal address that has not sent mail for 14 days tries to reach the mail servers of many: what it tries counts
 * once it has left the interface, whether or not anybody answers. A mail server, which does so every day, is none, nor is
 * what a filter held back at the interface. While the condition holds it goes on to hold, though what began it is known by
 * then.
 */
final class SpamHost implements Detector {

    static final String ID = "spam-host";

    static final Family FAMILY = Family.ofMinutes(6)
            .rule(ID, rules -> new SpamHost(rules.rule(ID), rules.baseline()))
            .connections(Routing::new);

    private static final String PEERS = "peers";
    private static final long HOUR = 3_600;
    private static final long MEMORY = 14 * 24 * HOUR;
    /** What {@link Seen} knows: that it sent mail, and that it did anything. */
    private static final String MAIL = "mail";

    private static final String ANYTHING = "anything";

    /** Where the memory keeps the last pane in which the condition held. */
    private static final String HELD = "held";

    private final RuleSettings rule;
    private final BaselineNeeded baseline;

    SpamHost(RuleSettings rule, BaselineNeeded baseline) {
        this.rule = rule;
        this.baseline = baseline;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return rule.threshold(PEERS);
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        if (window.tallies().isEmpty() || !(goesOn(window, memory) || isNew(window, memory))) {
            return List.of();
        }
        List<Sighting> sightings =
                AllowLists.accuse(ID, window.tallies(), tallies -> condition(tallies, memory)).stream()
                        .toList();
        if (!sightings.isEmpty()) {
            memory.put(HELD, new long[] {window.pane()});
        }
        return sightings;
    }

    private static boolean goesOn(Window window, Memory memory) {
        long[] held = memory.get(HELD);
        return held != null && held[0] == window.pane() - window.paneLength();
    }

    private boolean isNew(Window window, Memory memory) {
        return Baseline.reached(memory, baseline, window.end(), MEMORY)
                && !Seen.since(memory, MAIL, window.end() - MEMORY);
    }

    private Sighting.Builder condition(List<PaneTally> tallies, Memory memory) {
        Set<Long> peers = new TreeSet<>();
        for (PaneTally entry : tallies) {
            peers.add(Cell.fingerprint(entry.cell().address(), 0, 0));
        }
        if (peers.size() < least()) {
            return null;
        }
        Sample example = tallies.get(0).tally().first();
        EntityField endpoint =
                new EntityField("endpoint", example.originator().address().toString());
        return Sighting.of(rule, List.of(endpoint), tallies)
                .scope(example.scope())
                .severity(Severity.HIGH)
                .over(PEERS, least())
                .distinct(PEERS, peers)
                .baselineSince(Baseline.since(memory))
                .ties(List.of(Ties.originator(example)));
    }

    @Override
    public boolean learns() {
        return true;
    }

    /** A pane is there because the endpoint did something in it; what counts in it is mail. */
    @Override
    public void learn(long pane, List<PaneTally> tallies, Memory memory) {
        Baseline.note(memory, pane, MEMORY);
        Seen.note(memory, ANYTHING, Math.floorDiv(pane, HOUR) * HOUR);
        if (!tallies.isEmpty()) {
            Seen.note(memory, MAIL, pane);
        }
    }

    @Override
    public long forget(Memory memory, long time) {
        long next = Seen.forgetBefore(memory, time - MEMORY, time);
        if (next == Long.MAX_VALUE) {
            memory.remove(HELD);
        }
        return next;
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Spam host: %s tried port 25 of %s, %s"
                .formatted(
                        entity.get("endpoint"),
                        Wording.counted(numbers.get(PEERS), "public host"),
                        Wording.counted(numbers.get(Sighting.CONNECTIONS), "connection"));
    }

    /** Attempts to send mail that left the interface, by who made them; whatever else an address does, for its baseline. */
    static final class Routing implements ConnectionRouter {

        private static final int SMTP = 25;
        private static final Cell ACTIVITY = Cell.ofSubject(null);

        private final List<RuleSettings> judging;
        private final Told told = new Told();

        Routing(Rules rules) {
            this.judging = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection connection, Marks marks) {
            if (connection.responderInternal() && connection.passed(false)) {
                active(connection.connection().scope(), connection.responder(), connection, marks);
            }
            if (!connection.originatorInternal()) {
                return;
            }
            marks.translated(FAMILY, ACTIVITY, connection);
            if (sendsMail(connection)) {
                Map<String, String> allowedBy = AllowLists.covering(judging, connection);
                Cell cell = new Cell(connection.responder(), SMTP, connection.protocol(), null, allowedBy);
                marks.count(subject(connection.originatorScope(), connection.originator()), cell, connection);
            } else {
                active(connection.originatorScope(), connection.originator(), connection, marks);
            }
        }

        /** Baselines know hours: it is told once, in the last pane of the hour in which it was certain. */
        private void active(String scope, IpAddress address, ClosedConnection connection, Marks marks) {
            long hour = Math.floorDiv(connection.decidedAt(), HOUR);
            if (told.isNew(scope, address, hour)) {
                long lastOfHour = (hour + 1) * HOUR - 1;
                marks.add(subject(scope, address), ACTIVITY, true, lastOfHour, connection.decidedAt(), Tally.fact(0));
            }
        }

        private static Subject subject(String scope, IpAddress address) {
            return Subject.of(FAMILY.space(), scope, address);
        }

        private static boolean sendsMail(ClosedConnection connection) {
            return connection.port() == SMTP
                    && connection.tcp()
                    && connection.responderPublic()
                    && rolesKnown(connection)
                    && connection.passed(true);
        }

        /** Where the log has no flags, the service port has to do. */
        private static boolean rolesKnown(ClosedConnection connection) {
            return connection.connection().rolesKnown()
                    || !connection.connection().has(Trait.FLAGS_PRESENT);
        }
    }
}
