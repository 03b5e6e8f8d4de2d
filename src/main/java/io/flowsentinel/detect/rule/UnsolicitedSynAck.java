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
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.TcpFlags;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * SYN-ACKs came in at an interface without a SYN that went out. From many peers they are backscatter: somebody floods
 * those with this address as the sender. Several connections of one peer are an asymmetric path: the SYNs left another
 * way. Where both hold it is the path, of which something can be made. Answers of one's own to a SYN that is not logged
 * go out, not in; where records were lost, or the input ended before the SYN was there, nothing is said.
 */
final class UnsolicitedSynAck implements Detector {

    static final String ID = "unsolicited-synack";

    static final Family FAMILY = Family.ofMinutes(24)
            .rule(ID, rules -> new UnsolicitedSynAck(rules.rule(ID)))
            .connections(Routing::new);

    private static final String PEERS = "peers";
    private static final String TUPLES = "tuples";
    private static final String ASYMMETRIC_PEERS = "asymmetric_peers";
    private static final String KIND = "kind";

    private final RuleSettings rule;

    UnsolicitedSynAck(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return Math.min(rule.threshold(PEERS), rule.threshold(TUPLES));
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        return window.tallies().isEmpty()
                ? List.of()
                : AllowLists.accuse(ID, window.tallies(), this::condition).stream()
                        .toList();
    }

    private Sighting.Builder condition(List<PaneTally> tallies) {
        Set<IpAddress> asymmetric = asymmetric(tallies);
        if (!asymmetric.isEmpty()) {
            List<PaneTally> theirs = tallies.stream()
                    .filter(entry -> asymmetric.contains(entry.cell().address()))
                    .toList();
            return sighting(theirs)
                    .severity(Severity.LOW)
                    .over(TUPLES, rule.threshold(TUPLES))
                    .distinct(ASYMMETRIC_PEERS, peers(theirs))
                    .distinct(TUPLES, tuples(theirs))
                    .context(KIND, "asymmetric path");
        }
        Set<Long> peers = peers(tallies);
        if (peers.size() < rule.threshold(PEERS)) {
            return null;
        }
        return sighting(tallies)
                .severity(Severity.INFORMATIONAL)
                .over(PEERS, rule.threshold(PEERS))
                .distinct(PEERS, peers)
                .context(KIND, "backscatter");
    }

    /** Peers of which enough different connections were answered. */
    private Set<IpAddress> asymmetric(List<PaneTally> tallies) {
        Map<IpAddress, Set<Cell>> byPeer = new HashMap<>();
        for (PaneTally entry : tallies) {
            byPeer.computeIfAbsent(entry.cell().address(), unseen -> new HashSet<>())
                    .add(entry.cell());
        }
        Set<IpAddress> asymmetric = new HashSet<>();
        byPeer.forEach((peer, cells) -> {
            if (cells.size() >= rule.threshold(TUPLES)) {
                asymmetric.add(peer);
            }
        });
        return asymmetric;
    }

    private Sighting.Builder sighting(List<PaneTally> tallies) {
        Sample example = tallies.get(0).tally().first();
        return Sighting.of(rule, List.of(new EntityField("interface", example.interfaceId())), tallies)
                .scope(example.scope());
    }

    private static Set<Long> peers(List<PaneTally> tallies) {
        Set<Long> peers = new TreeSet<>();
        for (PaneTally entry : tallies) {
            peers.add(Cell.fingerprint(entry.cell().address(), 0, 0));
        }
        return peers;
    }

    /** The cell tells the own endpoint apart, so that of the first sample is that of all. */
    private static Set<Long> tuples(List<PaneTally> tallies) {
        Set<Long> tuples = new TreeSet<>();
        for (PaneTally entry : tallies) {
            Sample sample = entry.tally().first();
            tuples.add(Cell.fingerprint(sample.responder(), sample.originator(), sample.protocol()));
        }
        return tuples;
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> numbers.containsKey(ASYMMETRIC_PEERS)
                ? "Asymmetric path: %s received SYN-ACKs of %s for %s whose SYNs it did not send"
                        .formatted(
                                entity.get("interface"),
                                Wording.counted(numbers.get(ASYMMETRIC_PEERS), "peer"),
                                Wording.counted(numbers.get(TUPLES), "connection"))
                : "Backscatter: %s received SYN-ACKs of %s that nobody had called"
                        .formatted(entity.get("interface"), Wording.counted(numbers.get(PEERS), "peer"));
    }

    /** Unsolicited SYN-ACKs by the interface at which they came in: who sent them is the responder of the connection. */
    static final class Routing implements ConnectionRouter {

        private final List<RuleSettings> judging;

        Routing(Rules rules) {
            this.judging = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection closed, Marks marks) {
            Connection connection = closed.connection();
            boolean unsolicited = connection.has(Trait.UNSOLICITED_SYNACK)
                    || closed.tcp() && connection.verdict() == Verdict.UNSOLICITED_REJECT;
            if (!unsolicited || closed.coverageGap() || connection.endReason() == EndReason.END_OF_INPUT) {
                return;
            }
            Set<String> routed = new HashSet<>();
            for (Observation seen : connection.observations()) {
                if (cameIn(closed, seen) && routed.add(seen.observer().interfaceId())) {
                    String scope = seen.observer().scope();
                    String interfaceId = seen.observer().interfaceId();
                    marks.add(
                            Subject.of(FAMILY.space(), scope, interfaceId),
                            cell(closed),
                            closed,
                            Tally.of(closed.sample(scope, interfaceId), false));
                }
            }
        }

        /** Where the log does not say which way, answers to an internal address from one that is not came in. */
        private static boolean cameIn(ClosedConnection closed, Observation seen) {
            if (seen.fromOriginator() || !TcpFlags.answers(seen.flags())) {
                return false;
            }
            return seen.flowDirection() == FlowDirection.ABSENT
                    ? closed.originatorInternal() && !closed.responderInternal()
                    : seen.flowDirection() == FlowDirection.INGRESS;
        }

        private Cell cell(ClosedConnection closed) {
            return new Cell(
                    closed.responder(),
                    closed.port(),
                    closed.protocol(),
                    closed.connection().originator().endpoint().toString(),
                    AllowLists.covering(judging, closed));
        }
    }
}
