package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.settings.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.model.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedTest {

    private static final long HOUR = 3_600;
    private static final Panes PANES = Panes.of(Duration.ofSeconds(60), Duration.ofDays(1));
    private static final long DUE = PANES.evaluatedAt(HOUR);

    private final Opened opened = new Opened(SlowScan.FAMILY);
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
        opened.count("vpc-1", ip(originator), pane, successful, spoken);
    }

    @Test
    void numbersAreToldWhenTheirPaneIsDue() {
        count("10.0.0.1", HOUR, true);
        count("10.0.0.2", HOUR, true);
        count("10.0.0.1", HOUR, false);
        count("10.0.0.1", HOUR, true);
        opened.tellDue(DUE - 1, spoken);
        assertThat(spoken.marks).isEmpty();

        opened.tellDue(DUE, spoken);
        opened.tellDue(DUE, spoken);

        assertThat(spoken.marks)
                .containsExactly(
                        mark("10.0.0.1", Opened.SUCCESSFUL, HOUR, 2),
                        mark("10.0.0.1", Opened.UNDECIDED, HOUR, 1),
                        mark("10.0.0.2", Opened.SUCCESSFUL, HOUR, 1));
    }

    @Test
    void panesAreToldApartInWhicheverOrderTheyCome() {
        count("10.0.0.1", 2 * HOUR, true);
        count("10.0.0.1", HOUR, true);
        count("10.0.0.1", HOUR, true);
        count("10.0.0.1", 2 * HOUR, true);
        opened.tellDue(Long.MAX_VALUE, spoken);

        assertThat(spoken.marks)
                .containsExactly(
                        mark("10.0.0.1", Opened.SUCCESSFUL, 2 * HOUR, 1),
                        mark("10.0.0.1", Opened.SUCCESSFUL, HOUR, 2),
                        mark("10.0.0.1", Opened.SUCCESSFUL, 2 * HOUR, 1));
    }

    @Test
    void scopesAreToldApart() {
        opened.count("vpc-1", ip("10.0.0.1"), HOUR, true, spoken);
        opened.count(null, ip("10.0.0.1"), HOUR, true, spoken);
        opened.tellDue(Long.MAX_VALUE, spoken);

        assertThat(spoken.marks).extracting(mark -> mark.subject().scope()).containsExactly("vpc-1", null);
    }

    /** Each is counted twice, in two rounds: whoever is forgotten in between is told before. */
    @Test
    void nothingIsLostWhereThereAreMoreThanAreRemembered() {
        int originators = Whom.MOST + 1_000;
        for (int round = 0; round < 2; round++) {
            for (int originator = 0; originator < originators; originator++) {
                opened.count("vpc-1", IpAddress.ipv4(originator), HOUR, true, spoken);
            }
        }
        opened.tellDue(DUE, spoken);

        assertThat(spoken.marks.stream().mapToLong(Mark::times).sum()).isEqualTo(2L * originators);
        assertThat(spoken.marks.stream().map(Mark::subject).distinct()).hasSize(originators);
    }
}
