package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.CountedRecord;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.RecordRouter;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.BaselineNeeded;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two endpoints that exchanged no ICMP for a week exchange many large ICMP packets: a tunnel. What looks alike and does
 * not fire: a monitor's pings, which are small or go on every day, a few large packets that look for the path's MTU, and
 * what a filter rejected. The kind of finding is GuardDuty's, the size is well above the 64 to 84 bytes of a usual ping.
 *
 * <p>Nobody can say who began an exchange of ICMP, so a pair is an internal {@code endpoint} and its {@code peer}, the
 * lower address the endpoint where both are internal, and both directions count together. A pair that is new cannot have
 * been learned for days; the baseline is that of the endpoint, see {@link Attendance}. There is no connection to a record,
 * so allow-lists do not apply.
 *
 * <p>While the condition holds it goes on to hold, though the pair is known by then: a tunnel of hours is one finding.
 */
final class IcmpVolume implements Detector {

    static final String ID = "icmp-volume";

    static final Family FAMILY = Family.ofMinutes(17)
            .rule(ID, rules -> new IcmpVolume(rules.rule(ID), rules.baseline()))
            .records(Routing::new);

    private static final String PACKETS = "packets";
    private static final String BYTES_PER_PACKET = "bytes_per_packet";
    private static final long SPAN = 7 * Detector.DAY;

    /** Before the peer: where the memory keeps the last pane in which the condition held. */
    private static final String HELD = "held ";

    private final RuleSettings rule;
    private final BaselineNeeded needed;

    IcmpVolume(RuleSettings rule, BaselineNeeded needed) {
        this.rule = rule;
        this.needed = needed;
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
        Map<IpAddress, List<PaneTally>> byPeer = new LinkedHashMap<>();
        for (PaneTally entry : window.tallies()) {
            if (!Attendance.is(entry.cell())) {
                byPeer.computeIfAbsent(entry.cell().address(), unseen -> new ArrayList<>())
                        .add(entry);
            }
        }
        List<Sighting> sightings = new ArrayList<>();
        byPeer.forEach((peer, tallies) -> {
            long packets =
                    tallies.stream().mapToLong(entry -> entry.tally().packets()).sum();
            long bytes =
                    tallies.stream().mapToLong(entry -> entry.tally().bytes()).sum();
            if (packets > rule.threshold(PACKETS)
                    && bytes > rule.threshold(BYTES_PER_PACKET) * packets
                    && (goesOn(window, memory, peer) || isNew(window, memory, peer))) {
                memory.put(HELD + peer, new long[] {window.pane()});
                sightings.add(sighting(peer, tallies, bytes / packets, Baseline.since(memory)));
            }
        });
        return sightings;
    }

    private static boolean goesOn(Window window, Memory memory, IpAddress peer) {
        long[] held = memory.get(HELD + peer);
        return held != null && held[0] == window.pane() - window.paneLength();
    }

    private boolean isNew(Window window, Memory memory, IpAddress peer) {
        return Baseline.reached(memory, needed, window.end(), SPAN)
                && !Seen.since(memory, peer.toString(), window.end() - SPAN);
    }

    private Sighting sighting(IpAddress peer, List<PaneTally> tallies, long mean, long since) {
        Sample example = tallies.get(0).tally().first();
        IpAddress originator = example.originator().address();
        IpAddress endpoint = originator.equals(peer) ? example.responder().address() : originator;
        List<EntityField> entity =
                List.of(new EntityField("peer", peer.toString()), new EntityField("endpoint", endpoint.toString()));
        return Sighting.of(rule, entity, tallies)
                .scope(example.scope())
                .severity(Severity.MEDIUM)
                .over(PACKETS, rule.threshold(PACKETS))
                .peak(BYTES_PER_PACKET, mean)
                .anomaly(
                        new Anomaly(
                                "bytes per ICMP packet of the pair",
                                mean + " bytes",
                                "no ICMP between the two in 7 days"),
                        since)
                .build();
    }

    @Override
    public boolean learns() {
        return true;
    }

    @Override
    public void learn(long pane, List<PaneTally> tallies, Memory memory) {
        if (tallies.isEmpty()) {
            return;
        }
        Baseline.note(memory, pane, SPAN);
        Seen.note(memory, Attendance.THING, pane);
        for (PaneTally entry : tallies) {
            if (!Attendance.is(entry.cell())) {
                Seen.note(memory, entry.cell().address().toString(), pane);
            }
        }
    }

    @Override
    public long forget(Memory memory, long time) {
        List<String> over = new ArrayList<>();
        memory.read((name, numbers) -> {
            if (name.startsWith(HELD) && numbers[0] < time - Detector.DAY) {
                over.add(name);
            }
        });
        over.forEach(memory::remove);
        return Seen.forgetBefore(memory, time - SPAN, time);
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "ICMP volume: %s and %s exchanged %s of %d bytes on average"
                .formatted(
                        entity.get("endpoint"),
                        entity.get("peer"),
                        Wording.counted(numbers.get(PACKETS), "packet"),
                        numbers.get(BYTES_PER_PACKET));
    }

    /** ICMP by endpoint and peer, each packet once, and of all else only that the endpoint is there. */
    static final class Routing implements RecordRouter {

        Routing(Rules rules) {}

        @Override
        public void route(CountedRecord counted, Marks marks) {
            FlowRecord flow = counted.flow();
            if (!NaclReplyDrop.icmp(flow.protocol())) {
                if (counted.sent() && Attendance.tells(flow.source(), flow.destination(), flow.start())) {
                    add(counted, counted.source(), Attendance.CELL, Attendance.tally(counted.sample()), marks);
                }
            } else if (flow.accepted()) {
                exchanged(counted, marks);
            }
        }

        private static void exchanged(CountedRecord counted, Marks marks) {
            FlowRecord flow = counted.flow();
            if (counted.sourceInternal() ? counted.sent() : counted.received()) {
                boolean bySource = counted.sourceInternal()
                        && (!counted.destinationInternal() || counted.source().compareTo(counted.destination()) < 0);
                IpAddress endpoint = bySource ? counted.source() : counted.destination();
                IpAddress peer = bySource ? counted.destination() : counted.source();
                Cell cell = new Cell(peer, 0, flow.protocol(), null, Map.of());
                add(counted, endpoint, cell, Tally.of(counted.sample(), flow.packets(), flow.bytes(), false), marks);
            } else if (throughGateway(counted)) {
                marks.add(
                        subject(counted, flow.plainDestination()),
                        new Cell(counted.destination(), 0, flow.protocol(), null, Map.of()),
                        true,
                        flow.start(),
                        counted.decidedAt(),
                        Tally.fact(Marks.TRANSLATED));
            }
        }

        /** A NAT gateway got it for a public peer: what it sends there under its own address is somebody else's. */
        private static boolean throughGateway(CountedRecord counted) {
            FlowRecord flow = counted.flow();
            return counted.sourceInternal()
                    && counted.destinationPublic()
                    && flow.flowDirection() == FlowDirection.INGRESS
                    && flow.forwarded()
                    && flow.plainDestination() != null;
        }

        private static void add(CountedRecord counted, IpAddress endpoint, Cell cell, Tally tally, Marks marks) {
            marks.add(subject(counted, endpoint), cell, false, counted.flow().start(), counted.decidedAt(), tally);
        }

        private static Subject subject(CountedRecord counted, IpAddress endpoint) {
            return Subject.of(FAMILY.space(), counted.flow().observer().scope(), endpoint);
        }
    }
}
