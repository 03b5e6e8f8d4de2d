package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.settings.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HowOftenTest {

    private static final long HOUR = 3_600;
    private static final Panes PANES = Panes.of(Duration.ofSeconds(60), Duration.ofDays(1));
    private static final long DUE = PANES.evaluatedAt(HOUR);

    private final HowOften<IpAddress> howOften = HowOften.ofAddresses(
            (scope, originator) -> Subject.of(SlowScan.FAMILY.space(), scope, originator),
            SlowScan.SUCCESSFUL,
            SlowScan.UNDECIDED);
    private final Spoken spoken = new Spoken();

    private record Mark(Subject subject, Cell cell, long pane, long times) {}

    private static final class Spoken implements Marks {

        private final List<Mark> marks = new ArrayList<>();

        @Override
        public void add(Subject subject, Cell cell, boolean fact, long start, long decidedAt, Tally tally) {
            assertThat(fact).isTrue();
            marks.add(new Mark(subject, cell, PANES.entering(start, decidedAt), tally.count()));
        }

        @Override
        public Panes panes() {
            return PANES;
        }
    }

    private static Mark mark(String originator, Cell cell, long pane, long times) {
        return new Mark(Subject.of(SlowScan.FAMILY.space(), "vpc-1", ip(originator)), cell, pane, times);
    }

    private void count(String originator, long pane, boolean successful) {
        howOften.count("vpc-1", ip(originator), pane, successful ? 0 : 1, spoken);
    }

    @Test
    void numbersAreToldWhenTheirPaneIsDue() {
        count("10.0.0.1", HOUR, true);
        count("10.0.0.2", HOUR, true);
        count("10.0.0.1", HOUR, false);
        count("10.0.0.1", HOUR, true);
        howOften.tellDue(DUE - 1, spoken);
        assertThat(spoken.marks).isEmpty();

        howOften.tellDue(DUE, spoken);
        howOften.tellDue(DUE, spoken);

        assertThat(spoken.marks)
                .containsExactlyInAnyOrder(
                        mark("10.0.0.1", SlowScan.SUCCESSFUL, HOUR, 2),
                        mark("10.0.0.1", SlowScan.UNDECIDED, HOUR, 1),
                        mark("10.0.0.2", SlowScan.SUCCESSFUL, HOUR, 1));
    }

    @Test
    void panesAreToldApartInWhicheverOrderTheyCome() {
        count("10.0.0.1", 2 * HOUR, true);
        count("10.0.0.1", HOUR, true);
        count("10.0.0.1", HOUR, true);
        count("10.0.0.1", 2 * HOUR, true);
        howOften.tellDue(Long.MAX_VALUE, spoken);

        assertThat(spoken.marks)
                .containsExactlyInAnyOrder(
                        mark("10.0.0.1", SlowScan.SUCCESSFUL, 2 * HOUR, 2),
                        mark("10.0.0.1", SlowScan.SUCCESSFUL, HOUR, 2));
    }

    @Test
    void scopesAreToldApart() {
        howOften.count("vpc-1", ip("10.0.0.1"), HOUR, 0, spoken);
        howOften.count(null, ip("10.0.0.1"), HOUR, 0, spoken);
        howOften.tellDue(Long.MAX_VALUE, spoken);

        assertThat(spoken.marks).extracting(mark -> mark.subject().scope()).containsExactlyInAnyOrder("vpc-1", null);
    }

    /** So far apart that they have one number. */
    @Test
    void panesThatAreVeryFarApartAreToldApartToo() {
        long far = HOUR + 8_192 * HOUR;
        count("10.0.0.1", HOUR, true);
        count("10.0.0.1", far, true);
        count("10.0.0.1", HOUR, true);
        howOften.tellDue(Long.MAX_VALUE, spoken);

        assertThat(spoken.marks)
                .hasSize(3)
                .filteredOn(mark -> mark.pane() == HOUR)
                .hasSize(2);
    }

    @Test
    void portsAreToldApart() {
        HowOften<Endpoint> ofPorts = HowOften.ofEndpoints(
                (scope, who) -> Subject.of(12, scope, who.address(), who.port()), SlowScan.SUCCESSFUL);
        for (String address : List.of("10.0.0.1", "2001:db8::1")) {
            for (int port : new int[] {80, 443, 80}) {
                ofPorts.count("vpc-1", new Endpoint(ip(address), port), HOUR, 0, spoken);
            }
        }
        ofPorts.tellDue(Long.MAX_VALUE, spoken);

        assertThat(spoken.marks)
                .extracting(mark -> mark.subject(), Mark::times)
                .containsExactlyInAnyOrder(
                        tuple(Subject.of(12, "vpc-1", ip("10.0.0.1"), 80), 2L),
                        tuple(Subject.of(12, "vpc-1", ip("10.0.0.1"), 443), 1L),
                        tuple(Subject.of(12, "vpc-1", ip("2001:db8::1"), 80), 2L),
                        tuple(Subject.of(12, "vpc-1", ip("2001:db8::1"), 443), 1L));
    }

    /** Each is counted twice, in two rounds: whoever is forgotten in between is told before. */
    @Test
    void nothingIsLostWhereThereAreMoreThanAreRemembered() {
        int originators = Whom.MOST + 1_000;
        for (int round = 0; round < 2; round++) {
            for (int originator = 0; originator < originators; originator++) {
                howOften.count("vpc-1", IpAddress.ipv4(originator), HOUR, 0, spoken);
            }
        }
        howOften.tellDue(DUE, spoken);

        assertThat(spoken.marks.stream().mapToLong(Mark::times).sum()).isEqualTo(2L * originators);
        assertThat(spoken.marks.stream().map(Mark::subject).distinct()).hasSize(originators);
    }
}
