package io.flowsentinel.detect;

import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Cells;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Ledger;
import io.flowsentinel.detect.judging.LedgerInMemory;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.Pane;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.rule.Families;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OrderIndependenceTest {

    private static final long END = 30_000;
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final List<Partial> SCAN_OF_ALL_PORTS = scanOfAllPorts();
    private static final Set<Cell> ORDERED = fill(SCAN_OF_ALL_PORTS);
    private static final long HOUR = Connections.T0;
    private static final List<Partial> FACTS = factsOfIpv6();

    @Property
    void neitherArrivalOrderNorWatermarkStepsShowInTheAlerts(
            @ForAll @IntRange(max = 1_000) int traffic,
            @ForAll @IntRange(max = 1_000) int order,
            @ForAll @IntRange(min = 1, max = 2_000) int step) {
        List<Connection> connections = traffic(new Random(traffic));

        List<Alert> expected = run(connections, 7, new Random(0));
        List<Alert> actual = run(connections, step, new Random(order));

        assertThat(actual).isNotEmpty().isEqualTo(expected);
    }

    /** A fixed number of tries: each shuffles 45,000 attempts. */
    @Property(tries = 20)
    void anOverflowingPaneDoesNotShowArrivalOrderEither(@ForAll @IntRange(max = 1_000) int order) {
        List<Partial> partials = new ArrayList<>(SCAN_OF_ALL_PORTS);
        Collections.shuffle(partials, new Random(order));

        Set<Cell> shuffled = fill(partials);

        assertThat(ORDERED).hasSize(Pane.MAX_CELLS);
        assertThat(shuffled).isEqualTo(ORDERED);
    }

    /** Several facts about one address have one fingerprint. */
    @Property(tries = 5)
    void whichFactsAreLeftOutDoesNotDependOnOrderEither(@ForAll @IntRange(max = 1_000) int order) {
        List<Partial> partials = new ArrayList<>(FACTS);
        Collections.shuffle(partials, new Random(order));

        assertThat(facts(partials)).hasSize(Pane.MAX_CELLS).isEqualTo(facts(FACTS));
    }

    @Test
    void whatIsKnownOfTheSubjectItselfIsKeptHoweverManyIpv6PeersThereAre() {
        assertThat(facts(FACTS)).contains(Cell.ofSubject("successful"));
    }

    /** The subject's own is in the middle. */
    private static List<Partial> factsOfIpv6() {
        List<Partial> facts = new ArrayList<>();
        Subject subject = Subject.of(Families.SLOW_SCANS.space(), null, Connections.ip("198.51.100.7"));
        SubjectPart part = new SubjectPart(subject, Families.SLOW_SCANS.code(), HOUR);
        for (int i = 0; i < 45_000; i++) {
            Cell cell = new Cell(
                    Connections.ip("2001:db8::" + Integer.toHexString(i / 3 + 1)), 22, 6, "side " + i % 3, Map.of());
            facts.add(new Partial(part, Page.of(true, cell, Tally.fact(1))));
            if (i == 22_500) {
                Cell own = Cell.ofSubject("successful");
                facts.add(new Partial(part, Page.of(true, own, Tally.fact(0, 1))));
            }
        }
        return facts;
    }

    private static Set<Cell> facts(List<Partial> partials) {
        Watch watch = new Watch(Families.SLOW_SCANS, Rules.defaults(), MINUTE);
        Agenda agenda = new Agenda(0);
        LedgerInMemory ledger = new LedgerInMemory();
        observe(watch, agenda, ledger, partials);
        Pane pane = new Reading(ledger, Families.SLOW_SCANS).panes(agenda).get(HOUR);
        return cells(pane.facts());
    }

    /** Each subtask leaves out what it knows cannot be judged. */
    @Property(tries = 20)
    void norDoesHowManySubtasksSawIt(
            @ForAll @IntRange(max = 1_000) int order, @ForAll @IntRange(min = 1, max = 4) int subtasks) {
        List<Partial> scan = new ArrayList<>(SCAN_OF_ALL_PORTS);
        Collections.shuffle(scan, new Random(order));
        List<Partial> sent = new ArrayList<>();
        List<PartialTallies> senders = new ArrayList<>();
        for (int i = 0; i < subtasks; i++) {
            senders.add(new PartialTallies(block -> block.forEach(sent::add)));
        }
        Random luck = new Random(order);
        for (Partial one : scan) {
            PartialTallies sender = senders.get(luck.nextInt(subtasks));
            one.page()
                    .counting()
                    .forEach((cell, tally) -> sender.add(one.part(), Connections.T0 + 210, false, cell, tally.copy()));
        }
        senders.forEach(PartialTallies::send);

        assertThat(sent.stream().mapToInt(partial -> partial.page().size()).sum())
                .isLessThanOrEqualTo(subtasks * 2 * (Pane.MAX_CELLS + 1));
        assertThat(fill(sent)).isEqualTo(ORDERED);
    }

    private static List<Partial> scanOfAllPorts() {
        List<Partial> scan = new ArrayList<>();
        Family family = Families.SCANS;
        PartialTallies tallies = new PartialTallies(block -> block.forEach(scan::add));
        FamilyMarks marks = new FamilyMarks(family, family.panes(MINUTE), tallies);
        ConnectionRouter router = family.connectionRouter(Rules.defaults());
        for (int port = 0; port < 45_000; port++) {
            Connection attempt = from("198.51.100.7", "10.0.1.5", port)
                    .unanswered()
                    .at(port % 60)
                    .close();
            router.route(new ClosedConnection(attempt, Networks.byDefault()), marks);
            tallies.send();
        }
        return scan;
    }

    /** What is judged of the one pane. */
    private static Set<Cell> fill(List<Partial> partials) {
        Watch watch = new Watch(Families.SCANS, Rules.defaults(), MINUTE);
        Agenda agenda = new Agenda(0);
        LedgerInMemory ledger = new LedgerInMemory();
        observe(watch, agenda, ledger, partials);
        assertThat(ledger.get(Connections.T0).size()).isLessThan(2 * Pane.MAX_CELLS);
        Pane pane = new Reading(ledger, Families.SCANS).panes(agenda).get(Connections.T0);
        return cells(pane.counting());
    }

    private static Set<Cell> cells(Cells all) {
        Set<Cell> cells = new HashSet<>();
        all.forEach((cell, tally) -> cells.add(cell));
        return cells;
    }

    private static void observe(Watch watch, Agenda agenda, Ledger ledger, List<Partial> partials) {
        for (Partial partial : partials) {
            watch.observe(agenda, ledger, partial.part().pane(), partial.page().copy(), Long.MIN_VALUE);
        }
    }

    /** Everything certain by a step's end arrives in that step, in any order. */
    private static List<Alert> run(List<Connection> connections, int step, Random random) {
        List<Connection> left = new ArrayList<>(connections);
        left.sort(Comparator.comparingLong(Connection::decidedAt));
        Detection detection = Detection.of(Families.SCANS);
        int next = 0;
        for (long now = step; now < END + step; now += step) {
            List<Connection> arriving = new ArrayList<>();
            while (next < left.size() && left.get(next).decidedAt() <= Connections.T0 + now) {
                arriving.add(left.get(next));
                next++;
            }
            Collections.shuffle(arriving, random);
            arriving.forEach(detection::see);
            detection.until(Math.min(now, END));
        }
        return detection.all();
    }

    private static List<Connection> traffic(Random random) {
        List<Connection> connections = new ArrayList<>();
        for (int port = 0; port < 30; port++) {
            connections.add(from("198.51.100.7", "10.0.3.1", port)
                    .unanswered()
                    .at(random.nextInt(600))
                    .close());
        }
        for (int burst = 0; burst < 12; burst++) {
            int at = random.nextInt(9_000);
            int kind = random.nextInt(3);
            for (int i = 0; i < 20 + random.nextInt(40); i++) {
                Connections attempt = kind == 0
                        ? from("198.51.100.7", "10.0.1." + burst % 3, 1_000 + random.nextInt(50))
                        : from("198.51.100.7", "10.0.2." + random.nextInt(60), 20 + burst % 4);
                int start = at + random.nextInt(200);
                attempt.at(start).decided(start + random.nextInt(400));
                connections.add((random.nextInt(9) == 0 ? attempt.answered() : attempt.unanswered()).close());
            }
        }
        return connections;
    }
}
