package io.flowsentinel.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.PageFormat;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.rule.Families;
import io.flowsentinel.detect.settings.Networks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class RecentMarksTest {

    private static final long DUE = Connections.T0 + 3_600;
    private static final int BEACONS = Families.BEACONS.code();

    /** What came out: part, fact and cell as text, and the tally. */
    private final List<Map.Entry<String, Tally>> out = new ArrayList<>();

    private final RecentMarks recent = new RecentMarks(
            (part, due, fact, cell, tally) -> out.add(Map.entry(part + " " + fact + " " + cell, tally)));

    /** Held against adding up without it, with few subjects and with many that push each other out. */
    @Property(tries = 200)
    void whatComesOutAddsUpToWhatWentIn(
            @ForAll @IntRange(min = 1, max = 2_000) int marks,
            @ForAll @IntRange(min = 1, max = 1_000) int subjects,
            @ForAll int seed)
            throws IOException {
        Random random = new Random(seed);
        Map<String, Tally> expected = new HashMap<>();
        Map<String, Tally> arrived = new HashMap<>();
        RecentMarks someRecent = new RecentMarks((part, due, fact, cell, tally) -> {
            assertThat(due).isEqualTo(due(part));
            add(arrived, part, fact, cell, tally);
        });
        for (int i = 0; i < marks; i++) {
            SubjectPart part = part(random.nextInt(subjects), random.nextInt(2) * 3_600L);
            boolean fact = random.nextInt(4) == 0;
            Cell cell = cell(random.nextInt(2));
            Supplier<Tally> tally = mark(fact, random.nextInt(3_600), random.nextInt(8));
            someRecent.add(part, due(part), fact, cell, tally.get());
            add(expected, part, fact, cell, tally.get());
        }

        someRecent.handOnAll();

        assertThat(arrived.keySet()).isEqualTo(expected.keySet());
        for (Map.Entry<String, Tally> one : expected.entrySet()) {
            assertThat(bytes(arrived.get(one.getKey()))).isEqualTo(bytes(one.getValue()));
        }
    }

    private static long due(SubjectPart part) {
        return part.pane() + 3_600;
    }

    private static void add(Map<String, Tally> all, SubjectPart part, boolean fact, Cell cell, Tally tally) {
        all.computeIfAbsent(part + " " + fact + " " + cell, unseen -> new Tally())
                .add(tally);
    }

    /** The same mark as often as it is asked for. */
    private static Supplier<Tally> mark(boolean fact, int second, int bits) {
        return () -> fact ? Tally.fact(bits, 1) : counted(second);
    }

    /** All there is of a tally but the texts of its samples. */
    private static byte[] bytes(Tally tally) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        PageFormat.write(false, cell(1), tally, out, text -> {});
        return out.getCopyOfBuffer();
    }

    @Test
    void whatIsAboutTheSameComesOutOnce() {
        for (int i = 0; i < 30; i++) {
            recent.add(part(1, 0), DUE, false, cell(1), counted(30 - i));
        }
        assertThat(out).isEmpty();

        recent.handOnAll();

        assertThat(out).hasSize(1);
        Tally tally = out.get(0).getValue();
        assertThat(tally.count()).isEqualTo(30);
        assertThat(tally.first().start()).isEqualTo(Connections.T0 + 1);
        assertThat(tally.moments()).hasSize(30).isSorted();
    }

    @Test
    void cellsPanesAndFactsAreApart() {
        recent.add(part(1, 0), DUE, false, cell(1), counted(1));
        recent.add(part(1, 0), DUE, false, cell(2), counted(2));
        recent.add(part(1, 3_600), DUE, false, cell(1), counted(3));
        recent.add(part(1, 0), DUE, true, cell(1), Tally.fact(1));

        recent.handOnAll();

        assertThat(out).hasSize(4);
    }

    @Test
    void onlyWhatIsDueIsHandedOnAndOnlyOnce() {
        recent.add(part(1, 0), DUE, false, cell(1), counted(1));
        recent.add(part(1, 3_600), DUE + 3_600, false, cell(1), counted(2));

        recent.handOnDue(DUE - 1);
        assertThat(out).isEmpty();
        recent.handOnDue(DUE);
        assertThat(out).extracting(Map.Entry::getKey).containsExactly(part(1, 0) + " false " + cell(1));
        recent.handOnAll();
        recent.handOnAll();

        assertThat(out).hasSize(2);
    }

    private static SubjectPart part(int subject, long pane) {
        return new SubjectPart(Subject.of(BEACONS, "vpc-1", "subject " + subject), BEACONS, Connections.T0 + pane);
    }

    private static Cell cell(int port) {
        return new Cell(null, port, 6, null, Map.of());
    }

    private static Tally counted(int second) {
        ClosedConnection closed = new ClosedConnection(
                Connections.from("10.0.0.7", "198.51.100.7", 443).at(second).close(), Networks.byDefault());
        return Tally.at(closed.sample(), closed.start(), false);
    }
}
