package io.flowsentinel.detect;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.settings.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Watch.Dossier;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.LedgerInMemory;
import io.flowsentinel.detect.judging.MemoryInMemory;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.PageFormat;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.rule.Families;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** When a subject is looked at: each look costs, and there are millions. */
class WatchTest {

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;

    private final Dossier dossier =
            new Dossier(new Agenda(0), new LedgerInMemory(), new Findings(), new MemoryInMemory());

    @Test
    void panesInWhichNothingCountsArePassedOverWhereNoRuleSpeaksOfThem() {
        Watch watch = watch(Families.FLOODS);
        bad(watch, 0);
        for (int minute = 1; minute < 8; minute++) {
            observe(watch, minute, true, Tally.fact(0, 1));
        }
        bad(watch, 8);

        assertThat(next(watch)).isEqualTo(judgedAt(watch, 0));
        watch.judgeThrough(dossier, judgedAt(watch, 0));
        assertThat(next(watch)).isEqualTo(judgedAt(watch, 8));
        watch.judgeThrough(dossier, judgedAt(watch, 8));
        assertThat(dossier.agenda().panes.first()).isEqualTo(T0 + 8 * MINUTE);
    }

    @Test
    void allPanesAreJudgedWhereARuleMaySpeakOfWhatIsNoLongerThere() {
        Watch watch = watch(Families.SCANS);
        for (int port = 1; port <= 40; port++) {
            observe(watch, 0, false, new Cell(ip("10.0.1.5"), port, 6, null, Map.of()), counted());
        }
        observe(watch, 3, true, Tally.fact(1));

        watch.judgeThrough(dossier, judgedAt(watch, 0));

        assertThat(next(watch)).isEqualTo(judgedAt(watch, 1));
    }

    /** Twenty opens within two hours are no beacon yet, however even: pages stay in the bytes they came in. */
    @Test
    void whatMomentsAloneRuleOutIsNotRead() throws IOException {
        Watch watch = watch(Families.BEACONS);
        for (long start = T0; start < T0 + 2 * HOUR; start += 6 * MINUTE) {
            Page page = written(new Cell(null, 443, 6, null, Map.of()), Tally.at(sample(), start << 31, false));
            watch.observe(dossier.agenda(), dossier.ledger(), start / HOUR * HOUR, page, Long.MIN_VALUE);
        }

        assertThat(watch.judgeThrough(dossier, T0 + 2 * HOUR + 10 * MINUTE)).isEmpty();

        assertThat(dossier.agenda().judged).isEqualTo(T0 + HOUR);
        assertThat(dossier.ledger().get(T0).closed()).isTrue();
    }

    /** A client that opens one connection a minute to the same database: pages stay in the bytes they came in. */
    @Test
    void whatAddressesAloneRuleOutIsNotRead() throws IOException {
        Watch watch = watch(Families.FAN_OUTS);
        Cell database = new Cell(ip("10.0.1.1"), 5432, 6, null, Map.of());
        for (int i = 0; i < 100; i++) {
            Page page = written(database, Tally.of(sample(), false));
            watch.observe(dossier.agenda(), dossier.ledger(), T0 + i % 20 * MINUTE, page, Long.MIN_VALUE);
        }

        assertThat(watch.judgeThrough(dossier, T0 + 25 * MINUTE)).isEmpty();

        assertThat(dossier.agenda().judged).isGreaterThanOrEqualTo(T0 + 19 * MINUTE);
        assertThat(dossier.ledger().get(T0).closed()).isTrue();
    }

    private static Page written(Cell cell, Tally tally) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        List<String> texts = new ArrayList<>();
        PageFormat.write(false, cell, tally, out, texts::add);
        return Page.written(out.getCopyOfBuffer(), texts.toArray(String[]::new), 1, 0, 1);
    }

    /** The window is of two minutes, but to forget what is out of it is not worth a look of its own. */
    @Test
    void whatNoWindowReachesIsForgottenAQuarterOfAnHourLater() {
        Watch watch = watch(Families.FLOODS);
        bad(watch, 0);
        watch.judgeThrough(dossier, judgedAt(watch, 0));

        assertThat(next(watch)).isEqualTo(judgedAt(watch, 14));
        watch.judgeThrough(dossier, judgedAt(watch, 14));
        assertThat(dossier.agenda().panes.isEmpty()).isTrue();
    }

    /** For the day it is on again. */
    @Test
    void aRuleThatIsOffLearnsNoLater() {
        Rules off = Rules.load("rules: {outbound-volume: {mode: off}}", "rules.yaml");
        Watch watch = new Watch(Families.OUTBOUND_VOLUMES, off, Duration.ofSeconds(MINUTE));
        bad(watch, 0);

        assertThat(next(watch)).isEqualTo(judgedAt(watch, 0));
    }

    private static Watch watch(Family family) {
        return new Watch(family, Rules.defaults(), Duration.ofSeconds(MINUTE));
    }

    private long next(Watch watch) {
        return watch.nextJudgement(dossier.agenda());
    }

    private static long judgedAt(Watch watch, int minute) {
        return watch.judgedAt(T0 + minute * MINUTE);
    }

    private void bad(Watch watch, int minute) {
        observe(watch, minute, false, new Cell(null, 443, 6, "half-open", Map.of()), counted());
    }

    private static Tally counted() {
        return Tally.of(sample(), false);
    }

    private static Sample sample() {
        Connection connection = Connections.from("203.0.113.9", "10.0.1.5", 443).close();
        return new ClosedConnection(connection, Networks.byDefault()).sample();
    }

    private void observe(Watch watch, int minute, boolean fact, Tally tally) {
        observe(watch, minute, fact, Cell.ofSubject("completed"), tally);
    }

    private void observe(Watch watch, int minute, boolean fact, Cell cell, Tally tally) {
        long pane = T0 + minute * MINUTE;
        watch.observe(dossier.agenda(), dossier.ledger(), pane, Page.of(fact, cell, tally), Long.MIN_VALUE);
    }
}
