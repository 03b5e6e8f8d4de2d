package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.Rules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** That an interface is there is told seldom; what is told must not depend on what was heard of first. */
class InterfaceThereTest {

    private static final long HOUR = 3_600;
    private static final long POINT = 300;
    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final int HOURS = 5;

    /** Three hundred connections at one interface, at any time of five hours. */
    private static List<ClosedConnection> connections(Random random) {
        List<ClosedConnection> connections = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            long at = POINT + random.nextInt((int) (HOURS * HOUR - POINT));
            Connections answered =
                    from("10.0.0.1", 1_024 + i, "10.0.0.2", 443).answered().at(at);
            connections.add(new ClosedConnection(answered.decided(at).close(), Networks.byDefault()));
        }
        Collections.shuffle(connections, random);
        return connections;
    }

    @Test
    void rejectBurstHearsOfTheFirstPointOfEachHour() {
        List<ClosedConnection> connections = connections(new Random(1));
        Set<Long> points = new TreeSet<>();
        connections.forEach(one -> points.add(Math.floorDiv(one.start(), POINT) * POINT));
        Set<Long> expected = points.stream()
                .collect(Collectors.groupingBy(point -> point / HOUR, Collectors.minBy(Long::compare)))
                .values()
                .stream()
                .map(first -> first.orElseThrow() + POINT - 60)
                .collect(Collectors.toSet());

        Spoken spoken = route(RejectBurst.FAMILY, connections);

        assertThat(spoken.starts).containsAll(expected).hasSizeLessThan(points.size());
        assertThat(expected).hasSize(HOURS);
    }

    /** Nothing but the pane shows in what is told, and nothing is told twice. */
    @Test
    void unusualProtocolHearsOncePaneWhicheverConnectionCameFirst() {
        List<ClosedConnection> connections = connections(new Random(2));
        Spoken one = route(UnusualProtocol.FAMILY, connections);
        Collections.shuffle(connections, new Random(3));
        Spoken other = route(UnusualProtocol.FAMILY, connections);

        assertThat(one.said).doesNotHaveDuplicates().hasSize(HOURS).allMatch(said -> said.contains("present"));
        assertThat(other.said).containsExactlyInAnyOrderElementsOf(one.said);
    }

    private static Spoken route(Family family, List<ClosedConnection> connections) {
        ConnectionRouter router = family.connectionRouter(Rules.defaults());
        Spoken spoken = new Spoken(family.panes(INTERVAL));
        connections.forEach(connection -> router.route(connection, spoken));
        return spoken;
    }

    private static final class Spoken implements Marks {

        private final Panes panes;
        private final Set<Long> starts = new TreeSet<>();
        private final List<String> said = new ArrayList<>();

        Spoken(Panes panes) {
            this.panes = panes;
        }

        @Override
        public void add(Subject subject, Cell cell, boolean fact, long start, long decidedAt, Tally tally) {
            assertThat(start).isGreaterThanOrEqualTo(T0);
            starts.add(start);
            said.add(subject + " " + cell + " " + panes.entering(start, decidedAt) + " " + tally.firsts());
        }

        @Override
        public Panes panes() {
            return panes;
        }
    }
}
