package io.flowsentinel.detect;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.LedgerInMemory;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.Pane;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.rule.Families;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.Rules;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a subject keeps is bounded, and whoever runs the job is told where a bound was hit. */
class BoundsTest {

    private static final Duration MINUTE = Duration.ofSeconds(60);

    @Test
    void panesWithMoreThanIsToldApartAreCounted() {
        assertThat(overflows(Pane.MAX_CELLS)).isZero();
        assertThat(overflows(Pane.MAX_CELLS + 1)).isEqualTo(1);
    }

    @Test
    void whatIsToldOfACellThatKeepsNoMoreMomentsIsCounted() {
        Watch watch = new Watch(Families.BEACONS, Rules.defaults(), MINUTE);
        Agenda agenda = new Agenda(0);
        LedgerInMemory ledger = new LedgerInMemory();
        Cell cell = Cell.ofSubject(null);
        Sample sample = sample();
        for (int i = 0; i < Tally.MAX_MOMENTS + 9; i++) {
            Page page = Page.of(false, cell, Tally.at(sample, T0 + i, false));
            watch.observe(agenda, ledger, T0, page, Long.MIN_VALUE);
        }

        assertThat(ledger.get(T0).counting().get(cell).moments())
                .hasSize(Tally.MAX_MOMENTS)
                .startsWith(T0);
        assertThat(ledger.get(T0).counting().get(cell).count()).isEqualTo(Tally.MAX_MOMENTS + 9);
        assertThat(watch.takeMomentOverflows()).isEqualTo(10);
        assertThat(watch.takeMomentOverflows()).isZero();
    }

    @Test
    void aNumberThatMeansAtLeastIsCounted() {
        Episode episode = new Episode("id", "rule", null, List.of(), null, Sighting.ANY_DAY);
        Consumer<Long> seen = value -> episode.distinct
                .computeIfAbsent("peers", unseen -> new HashSet<>())
                .add(value);
        for (long i = 0; i < Episode.MAX_DISTINCT - 1; i++) {
            seen.accept(i);
        }
        assertThat(episode.capped()).isFalse();

        seen.accept(-1L);

        assertThat(episode.capped()).isTrue();
    }

    private static long overflows(int ports) {
        Detection detection = Detection.of(Families.SCANS);
        for (int port = 0; port < ports; port++) {
            detection.see(from("198.51.100.7", "10.0.1.5", port).unanswered());
        }
        return detection.until(1_000).overflows();
    }

    private static Sample sample() {
        return new ClosedConnection(from("10.0.1.5", "203.0.113.9", 443).close(), Networks.byDefault()).sample();
    }
}
