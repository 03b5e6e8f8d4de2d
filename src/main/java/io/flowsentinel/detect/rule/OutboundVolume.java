package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.CountedRecord;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Notable;
import io.flowsentinel.detect.judging.RecordRouter;
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
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An endpoint sent far more to public peers in an hour than it does in nearly all of its hours. What looks alike and does
 * not fire: a web server that always sends much, an upload to an AWS service, what a filter rejected, and a NAT gateway
 * through which the inner pairs are logged. The floor of 500 MB is from Slips; against its own past an endpoint is held
 * as GuardDuty does, by the 99.5th percentile (nearest rank) of the hours of 14 days, those without a byte included, so
 * that neither a nightly backup nor one odd hour of two weeks sets what is usual.
 *
 * <p>Judged is an instance with all of its interfaces, else an interface. An entity names addresses, so it names the
 * lowest one of the first pane that was learned, which stays the same whatever comes later; the alert's context has the
 * id, the address that sent most, and the peers of the largest records: how much each peer got is not counted.
 *
 * <p>What a record carried is spread over its time; it counts as one in its first pane. There is no connection to a record,
 * so allow-lists do not apply.
 */
final class OutboundVolume implements Detector {

    static final String ID = "outbound-volume";

    static final Family FAMILY = Family.ofMinutes(16)
            .rule(ID, rules -> new OutboundVolume(rules.rule(ID), rules.baseline()))
            .weighing(OutboundVolume::weight)
            .records(Routing::new);

    /** The largest amount of an hour so far. */
    private static final String PER_HOUR = "bytes_per_hour";

    /** The peers of the largest records. */
    private static final String PEERS = "peers";

    private static final int MOST_PEERS = 10;
    private static final int MOST_IN_TITLE = 3;
    private static final String NEXT = ", ";

    private static final String HOUR_NAME = "hour ";
    private static final String ADDRESS_NAME = "address";
    private static final long HOUR = 3_600;
    private static final long SPAN = 14 * Detector.DAY;
    private static final Comparator<IpAddress> IPV4_FIRST =
            Comparator.comparing((IpAddress address) -> address.ipv6()).thenComparing(Comparator.naturalOrder());

    private final RuleSettings rule;
    private final BaselineNeeded needed;

    OutboundVolume(RuleSettings rule, BaselineNeeded needed) {
        this.rule = rule;
        this.needed = needed;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    /** Bytes, of which nearly all windows of nearly all endpoints hold fewer: those are not looked at. */
    @Override
    public double least() {
        return rule.threshold("floor") * rule.window().toSeconds() / HOUR;
    }

    private static long weight(Tally tally) {
        return tally.bytes();
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        List<PaneTally> tallies = window.tallies();
        double floor = rule.threshold("floor");
        long hourly = hourly(tallies);
        if (hourly <= floor || !Baseline.reached(memory, needed, window.end(), SPAN)) {
            return List.of();
        }
        long usual = usual(memory, window.end());
        double limit = Math.max(floor, rule.threshold("factor") * usual);
        return hourly > limit ? List.of(sighting(tallies, memory, hourly, usual, limit)) : List.of();
    }

    private Sighting sighting(List<PaneTally> tallies, Memory memory, long hourly, long usual, double limit) {
        Cell cell = tallies.get(0).cell();
        String scope = tallies.get(0).tally().first().scope();
        TreeMap<IpAddress, Long> byAddress = new TreeMap<>(IPV4_FIRST);
        tallies.forEach(
                entry -> byAddress.merge(entry.cell().address(), entry.tally().bytes(), Long::sum));
        IpAddress most = byAddress.firstKey();
        for (IpAddress address : byAddress.keySet()) {
            most = byAddress.get(address) > byAddress.get(most) ? address : most;
        }
        List<EntityField> entity = List.of(
                new EntityField("endpoint", named(byAddress.firstKey(), memory).toString()));
        Anomaly anomaly = new Anomaly(
                "bytes per hour to public peers", hourly + " bytes", "at most " + usual + " bytes in 99.5 % of hours");
        return Sighting.of(rule, entity, tallies)
                .scope(scope)
                .severity(Severity.HIGH)
                .over(PER_HOUR, limit)
                .peak(PER_HOUR, hourly)
                .anomaly(anomaly, Baseline.since(memory))
                .context(cell.side().startsWith("i-") ? "instance" : "interface", cell.side())
                .context("most_sent_by", most.toString())
                .context(PEERS, peers(tallies))
                .notable(Notable.heaviest(tallies, "largest_record", OutboundVolume::largest))
                .ties(byAddress.keySet().stream()
                        .map(address -> Ties.originator(scope, address))
                        .toList())
                .build();
    }

    /** Who got most of what is known record by record: the largest record of each pane, and the first ones. */
    private static String peers(List<PaneTally> tallies) {
        Map<Sample, IpAddress> records = new HashMap<>();
        for (PaneTally entry : tallies) {
            Tally tally = entry.tally();
            Stream.concat(tally.firsts().stream(), Stream.ofNullable(tally.heaviest()))
                    .forEach(sample -> records.put(sample, peer(sample, entry.cell())));
        }
        Map<IpAddress, Long> byPeer = new HashMap<>();
        records.forEach((sample, peer) -> byPeer.merge(
                peer, sample.originatorParty().bytes() + sample.responderParty().bytes(), Long::sum));
        return byPeer.entrySet().stream()
                .sorted(Map.Entry.<IpAddress, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey(IPV4_FIRST)))
                .limit(MOST_PEERS)
                .map(entry -> entry.getKey().toString())
                .collect(Collectors.joining(NEXT));
    }

    private static IpAddress peer(Sample sample, Cell cell) {
        IpAddress originator = sample.originator().address();
        return originator.equals(cell.address()) ? sample.responder().address() : originator;
    }

    /** The record that carried most, and to whom. */
    private static String largest(PaneTally entry) {
        return peer(entry.tally().heaviest(), entry.cell()) + " got "
                + entry.tally().weight() + " bytes";
    }

    /** What the window holds, as an amount an hour: the two are the same unless a rules file asks for another window. */
    private long hourly(List<PaneTally> tallies) {
        long bytes = tallies.stream().mapToLong(entry -> entry.tally().bytes()).sum();
        long seconds = rule.window().toSeconds();
        return seconds == HOUR ? bytes : (long) ((double) bytes * HOUR / seconds);
    }

    /** The 99.5th percentile of the hours known, by nearest rank. */
    private static long usual(Memory memory, long now) {
        long from = Math.max(now - SPAN, Baseline.since(memory));
        List<Long> amounts = new ArrayList<>();
        memory.read((name, numbers) -> {
            if (name.startsWith(HOUR_NAME) && hourOf(name) >= from) {
                amounts.add(numbers[0]);
            }
        });
        amounts.sort(Comparator.reverseOrder());
        long hours = Math.max(1, (now - from) / HOUR);
        int above = (int) (hours * 5 / 1_000);
        return above < amounts.size() ? amounts.get(above) : 0;
    }

    /** The address the subject was known by first: it names the subject from then on. */
    private static IpAddress named(IpAddress address, Memory memory) {
        long[] known = memory.get(ADDRESS_NAME);
        if (known == null) {
            return address;
        }
        return new IpAddress(known[0], known[1], known[2] == 1);
    }

    private static long hourOf(String name) {
        return Long.parseLong(name.substring(HOUR_NAME.length()));
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
        String hour = HOUR_NAME + Math.floorDiv(pane, HOUR) * HOUR;
        long[] known = memory.get(hour);
        long bytes = tallies.stream().mapToLong(entry -> entry.tally().bytes()).sum();
        memory.put(hour, new long[] {known == null ? bytes : known[0] + bytes});
        IpAddress lowest = tallies.stream()
                .map(entry -> entry.cell().address())
                .min(IPV4_FIRST)
                .orElseThrow();
        IpAddress low = named(lowest, memory);
        memory.put(ADDRESS_NAME, new long[] {low.high(), low.low(), low.ipv6() ? 1 : 0});
    }

    @Override
    public long forget(Memory memory, long time) {
        List<String> old = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        memory.read((name, numbers) -> {
            if (name.startsWith(HOUR_NAME)) {
                (hourOf(name) < time - SPAN ? old : kept).add(name);
            }
        });
        old.forEach(memory::remove);
        if (!kept.isEmpty()) {
            return time + Detector.DAY;
        }
        Baseline.forget(memory);
        memory.remove(ADDRESS_NAME);
        return Long.MAX_VALUE;
    }

    @Override
    public Wording wording() {
        return (fields, numbers) -> "Outbound volume: %s sent up to %d bytes an hour to public peers such as %s"
                .formatted(
                        fields.get("endpoint"),
                        numbers.get(PER_HOUR),
                        Stream.of(fields.get(PEERS).split(NEXT, -1))
                                .limit(MOST_IN_TITLE)
                                .collect(Collectors.joining(NEXT)));
    }

    /** What endpoints sent to public peers that are no AWS service, by the interface that logged it. */
    static final class Routing implements RecordRouter {

        private static final Cell FORWARDED = new Cell(null, 0, 0, null, Map.of());

        Routing(Rules rules) {}

        @Override
        public void route(CountedRecord counted, Marks marks) {
            if (!counted.destinationPublic() || counted.destinationService() != null) {
                return;
            }
            FlowRecord flow = counted.flow();
            if (!flow.accepted()) {
                return;
            }
            if (counted.sent()) {
                Cell cell = new Cell(counted.source(), 0, 0, nameOf(flow.observer()), Map.of());
                spread(counted, cell, marks);
            } else if (counted.sourceInternal() && flow.flowDirection() == FlowDirection.INGRESS && flow.forwarded()) {
                marks.add(
                        subject(flow.observer()),
                        FORWARDED,
                        true,
                        flow.start(),
                        counted.decidedAt(),
                        Tally.fact(Marks.TRANSLATED));
            }
        }

        private static void spread(CountedRecord counted, Cell cell, Marks marks) {
            FlowRecord flow = counted.flow();
            Subject subject = subject(flow.observer());
            Sample sample = counted.sample();
            long first = marks.panes().of(flow.start());
            Spread.over(marks.panes(), flow, (pane, packets, bytes) -> {
                Tally tally =
                        pane == first ? Tally.of(sample, packets, bytes, false) : Tally.carried(sample, packets, bytes);
                marks.add(subject, cell, false, pane, counted.decidedAt(), tally.heaviest(sample, flow.bytes()));
            });
        }

        private static Subject subject(Observer observer) {
            return Subject.of(FAMILY.space(), observer.scope(), nameOf(observer));
        }

        private static String nameOf(Observer observer) {
            return observer.instanceId() == null ? observer.interfaceId() : observer.instanceId();
        }
    }
}
