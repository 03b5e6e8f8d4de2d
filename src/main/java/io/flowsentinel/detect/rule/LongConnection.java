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
import io.flowsentinel.detect.rule.Chain.Piece;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.OpenAge;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A connection between an internal and a public address that has been open for hours: 4, 12 and 24 of them are a Create
 * and Updates (RITA v5's long connections). A connection that goes on after a silence ({@code continuation_of}) is one
 * with those before it. Outbound any TCP, tunnels (protocols 47 and 50) and VPNs (UDP 500, 4500, 51820), not to an AWS
 * service; inbound administration services only: a public web server's long connections are its clients' business. A NAT
 * gateway's connection is held back where the one it is opened for is logged.
 *
 * <p>The catalogue asks for TCP, whoever is known to have opened it: of a connection older than what is read no opening is
 * logged. A finding that goes by its ports then says so, and is less sure.
 *
 * <p>How long is known at the tiers and at the end: between two tiers the number of hours stands still.
 */
final class LongConnection implements Detector {

    static final String ID = "long-connection";

    static final Family FAMILY = Family.ofHours(11)
            .rule(ID, rules -> new LongConnection(rules.rule(ID)))
            .connections(Routing::new);

    /** Of a cell's port: the connection is over. */
    private static final int OVER = 1;

    /** Of a cell's protocol: ports alone tell who opened it. */
    private static final int GUESSED = 1;

    private static final long HOUR = 3_600;
    private static final long FORGOTTEN_AFTER = 48 * HOUR;

    /** Chains of one pair and port that are told apart; further ones begin when others are forgotten. */
    private static final int MOST_CHAINS = 1_000;

    private final RuleSettings rule;

    LongConnection(RuleSettings rule) {
        this.rule = rule;
    }

    /** The ages at which connections are looked at while they are open; ascending, empty where the rule is off. */
    static List<OpenAge> ages(Rules rules) {
        RuleSettings rule = rules.rule(ID);
        return rule.on() ? tiers(rule).map(OpenAge::ofAll).toList() : List.of();
    }

    /** In seconds, ascending. */
    private static Stream<Long> tiers(RuleSettings rule) {
        return Stream.of("low", "medium", "high")
                .map(tier -> HOUR * (long) rule.threshold(tier))
                .sorted()
                .distinct();
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return 1;
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        Map<String, List<PaneTally>> fresh = new TreeMap<>();
        for (PaneTally entry : window.tallies()) {
            if (entry.pane() == window.pane()) {
                note(entry, window.knows(Marks.TRANSLATED), memory);
                fresh.computeIfAbsent(Piece.of(entry.cell()).chain(), unseen -> new ArrayList<>())
                        .add(entry);
            }
        }
        List<Sighting> sightings = new ArrayList<>();
        Chain.all(memory).forEach((id, chain) -> {
            List<PaneTally> tallies = fresh.getOrDefault(id, List.of());
            boolean news = !tallies.isEmpty();
            boolean goesOn = !chain.over() && !chain.allowed();
            if (chain.seconds() >= HOUR * rule.threshold("low") && (news || goesOn)) {
                Sighting sighting = sighting(id, chain, tallies);
                sightings.add(chain.translated() ? sighting.heldBackBy("translated") : sighting);
            }
        });
        return sightings;
    }

    /** Notes what a tally tells of its chain. */
    private static void note(PaneTally entry, boolean translated, Memory memory) {
        String id = Piece.of(entry.cell()).chain();
        Chain chain = Chain.read(memory, id);
        if (chain == null && Chain.count(memory) >= MOST_CHAINS) {
            memory.forgotten(1);
            return;
        }
        long seconds = Math.max(chain == null ? 0 : chain.seconds(), seconds(entry.tally()));
        boolean over = entry.cell().port() == OVER;
        boolean ofAnother = translated || chain != null && chain.translated();
        new Chain(seconds, entry.pane(), over, allowed(entry) != null, ofAnother).write(memory, id);
    }

    private static long seconds(Tally tally) {
        long[] ages = tally.moments();
        return ages[ages.length - 1];
    }

    private Sighting sighting(String id, Chain chain, List<PaneTally> tallies) {
        Sample sample = tallies.isEmpty() ? null : tallies.get(0).tally().first();
        Sighting.Builder sighting = Sighting.of(rule, List.of(new EntityField("connection", id)), tallies)
                .severity(severity(chain.seconds()))
                .over("hours", rule.threshold("low"))
                .peak("hours", chain.seconds() / HOUR)
                .distinct(Sighting.CONNECTIONS, pieces(tallies));
        if (sample != null) {
            sighting.scope(sample.scope()).ties(List.of(Ties.originator(sample)));
            sighting.context("originator", sample.originator().address().toString())
                    .context("responder", sample.responder().toString());
            sighting.allowedBy(allowed(tallies.get(0)));
            if (tallies.get(0).cell().protocol() == GUESSED) {
                sighting.context(
                        Sighting.DEGRADED, "its opening is not logged: who opened it is guessed from its ports");
            }
        }
        return sighting.build();
    }

    /** One connection is told of at each tier and at its end, and counts once. */
    private static Set<Long> pieces(List<PaneTally> tallies) {
        return Seen.fingerprints(
                tallies.stream().map(entry -> Piece.of(entry.cell()).id()).toList());
    }

    /** The allow-list entry that covers the connection; null where none does. */
    private static String allowed(PaneTally entry) {
        return entry.cell().allowedBy().get(ID);
    }

    private Severity severity(long seconds) {
        if (seconds >= HOUR * rule.threshold("high")) {
            return Severity.HIGH;
        }
        return seconds >= HOUR * rule.threshold("medium") ? Severity.MEDIUM : Severity.LOW;
    }

    @Override
    public Wording wording() {
        return (fields, numbers) -> "Long connection: %s to %s has been open for %s"
                .formatted(
                        fields.get("originator"),
                        fields.get("responder"),
                        Wording.counted(numbers.get("hours"), "hour"));
    }

    @Override
    public boolean remembers() {
        return true;
    }

    @Override
    public long forget(Memory memory, long time) {
        return Chain.forgetBefore(memory, time - FORGOTTEN_AFTER) ? time + HOUR : Long.MAX_VALUE;
    }

    /** Connections that reach an age and that end old, with those before them; by pair and port. */
    static final class Routing implements ConnectionRouter {

        private static final Set<Integer> TUNNELS = Set.of(47, 50);
        private static final Set<Integer> VPN_PORTS = Set.of(500, 4_500, 51_820);
        private static final Cell THROUGH = Cell.ofSubject(null);

        private final Rules rules;
        private final List<Long> tiers;

        Routing(Rules rules) {
            this.rules = rules;
            this.tiers = tiers(rules.rule(ID)).toList();
        }

        @Override
        public void route(ClosedConnection closed, Marks marks) {
            Connection connection = closed.connection();
            mark(closed, OVER, connection.end() - connection.chainStart(), marks);
        }

        /**
         * It is as old as the tier that is certain by now, though the last record known may have ended a little before:
         * intervals are not quite even.
         */
        @Override
        public void routeAged(ClosedConnection aged, Marks marks) {
            Connection connection = aged.connection();
            long certain = aged.decidedAt() - connection.chainStart();
            long seconds = connection.end() - connection.chainStart();
            for (long tier : tiers) {
                seconds = tier <= certain ? Math.max(seconds, tier) : seconds;
            }
            mark(aged, 0, seconds, marks);
        }

        private void mark(ClosedConnection closed, int over, long seconds, Marks marks) {
            if (seconds < tiers.get(0) || !outbound(closed) && !inbound(closed)) {
                return;
            }
            Connection connection = closed.connection();
            int sure = closed.tcp() && !closed.flagless() && !connection.rolesKnown() ? GUESSED : 0;
            Cell cell = new Cell(null, over, sure, Piece.text(connection), AllowLists.covering(rules.on(ID), closed));
            marks.translated(THROUGH, closed, gateway -> subject(closed, gateway));
            Tally tally = Tally.at(closed.sample(), seconds, closed.coverageGap());
            marks.add(subject(closed, closed.originator()), cell, closed, tally);
        }

        private static Subject subject(ClosedConnection closed, IpAddress originator) {
            return Subject.of(
                    FAMILY.space(),
                    closed.connection().scope(),
                    originator,
                    closed.responder(),
                    closed.port(),
                    closed.protocol());
        }

        private static boolean outbound(ClosedConnection closed) {
            return closed.originatorInternal()
                    && closed.responderPublic()
                    && closed.connection().responder().service() == null
                    && (closed.tcp()
                            || TUNNELS.contains(closed.protocol())
                            || closed.udp() && VPN_PORTS.contains(closed.port()));
        }

        private boolean inbound(ClosedConnection closed) {
            return closed.originatorPublic()
                    && closed.responderInternal()
                    && closed.protocol() == FlowRecord.TCP
                    && rules.adminPorts().contains(closed.port());
        }
    }
}
