package io.flowsentinel.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.rule.Families;
import io.flowsentinel.detect.settings.Networks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class PartialTalliesTest {

    private static final long DUE = Connections.T0 + 210;
    private static final int SCANS = Families.SCANS.code();
    private static final int BEACONS = Families.BEACONS.code();

    private final List<PartialBlock> sent = new ArrayList<>();
    private final PartialTallies tallies = new PartialTallies(sent::add);

    /** Held against a plain map, over the way that blocks take: few subjects and many, seldom and often. */
    @Property(tries = 100)
    void whatArrivesIsWhatWasCounted(
            @ForAll @IntRange(min = 1, max = 3_000) int marks,
            @ForAll @IntRange(min = 1, max = 400) int subjects,
            @ForAll int seed)
            throws IOException {
        Random random = new Random(seed);
        List<PartialBlock> blocks = new ArrayList<>();
        PartialTallies sender = new PartialTallies(blocks::add);
        Map<SubjectPart, Map<String, Long>> expected = new HashMap<>();
        for (int i = 0; i < marks; i++) {
            SubjectPart part = part(random.nextInt(subjects), random.nextBoolean() ? SCANS : BEACONS);
            boolean fact = random.nextInt(3) == 0;
            Cell cell = cell(random.nextInt(5));
            sender.add(part, DUE, fact, cell, fact ? Tally.fact(1, 1) : counted(i % 60));
            expected.computeIfAbsent(part, unseen -> new HashMap<>()).merge(fact + " " + cell, 1L, Long::sum);
            if (random.nextInt(1_000) == 0) {
                sender.send();
            }
        }
        sender.sendDue(DUE);

        Map<SubjectPart, Map<String, Long>> arrived = new HashMap<>();
        Map<SubjectPart, Long> weights = new HashMap<>();
        for (PartialBlock block : blocks) {
            overTheWire(block).forEach(partial -> {
                assertThat(Blocks.of(partial).key()).isEqualTo(block.key());
                Map<String, Long> cells = arrived.computeIfAbsent(partial.part(), unseen -> new HashMap<>());
                weights.merge(partial.part(), partial.page().weight(), Long::sum);
                for (boolean fact : new boolean[] {false, true}) {
                    partial.page()
                            .cells(fact)
                            .forEach((cell, tally) -> cells.merge(fact + " " + cell, tally.count(), Long::sum));
                }
            });
        }
        assertThat(arrived).isEqualTo(expected);
        expected.forEach((part, cells) -> assertThat(weights.get(part))
                .isEqualTo(cells.entrySet().stream()
                        .filter(one -> one.getKey().startsWith("false"))
                        .mapToLong(Map.Entry::getValue)
                        .sum()));
    }

    @Test
    void nothingIsSentBeforeItIsDue() {
        tallies.add(part(1, SCANS), DUE, false, cell(1), counted(0));
        tallies.add(part(2, SCANS), DUE + 60, false, cell(1), counted(0));
        tallies.add(part(3, BEACONS), DUE + 3_600, false, cell(1), counted(0));

        tallies.sendDue(DUE - 1);
        assertThat(sent).isEmpty();
        tallies.sendDue(DUE);
        assertThat(parts()).contains(part(1, SCANS)).doesNotContain(part(3, BEACONS));
        tallies.sendDue(DUE + 3_600);

        assertThat(parts()).containsExactlyInAnyOrder(part(1, SCANS), part(2, SCANS), part(3, BEACONS));
    }

    /** Of a flood one page a pane arrives. */
    @Test
    void aFloodIsAddedUpBeforeItIsSent() {
        for (int i = 0; i < 100_000; i++) {
            tallies.add(part(1, SCANS), DUE, false, cell(i % 3), counted(i % 60));
        }
        tallies.sendDue(DUE);

        assertThat(sent).hasSize(1);
        assertThat(total(Blocks.open(sent))).isEqualTo(100_000);
    }

    @Test
    void afterThePaneAFloodIsSentAnew() {
        for (int i = 0; i < 1_000; i++) {
            tallies.add(part(1, SCANS), DUE, false, cell(1), counted(0));
        }
        tallies.sendDue(DUE);
        int before = sent.size();

        tallies.add(part(1, SCANS), DUE, false, cell(1), counted(0));
        tallies.sendDue(DUE);

        assertThat(sent).hasSize(before + 1);
        assertThat(total(Blocks.open(sent))).isEqualTo(1_001);
    }

    private Set<SubjectPart> parts() {
        Set<SubjectPart> parts = new HashSet<>();
        Blocks.open(sent).forEach(partial -> parts.add(partial.part()));
        return parts;
    }

    private static long total(List<Partial> partials) {
        long[] total = {0};
        partials.forEach(partial -> partial.page().counting().forEach((cell, tally) -> total[0] += tally.count()));
        return total[0];
    }

    private static PartialBlock overTheWire(PartialBlock block) {
        PartialBlockSerializer serializer = new PartialBlockSerializer();
        DataOutputSerializer out = new DataOutputSerializer(64);
        try {
            serializer.serialize(block, out);
            return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SubjectPart part(int number, int family) {
        Subject subject =
                switch (number % 4) {
                    case 0 -> Subject.of(family, "vpc-1", Connections.ip("10.0.0." + number % 250), number);
                    case 1 -> Subject.of(family, null, Connections.ip("2001:db8::" + number));
                    case 2 -> Subject.of(family, "vpc-2", "name-" + number);
                    default -> Subject.of(
                            family,
                            "vpc-1",
                            Connections.ip("10.0.0.1"),
                            Connections.ip("10.9.0." + number % 250),
                            number,
                            6);
                };
        return new SubjectPart(subject, family, Connections.T0);
    }

    private static Tally counted(int second) {
        ClosedConnection closed = new ClosedConnection(
                Connections.from("198.51.100.7", "10.0.1.5", 22).at(second).close(), Networks.byDefault());
        return Tally.of(closed.sample(), false);
    }

    private static Cell cell(int number) {
        return new Cell(Connections.ip("10.0.1." + number), 22, 6, number % 2 == 0 ? null : "side", Map.of());
    }
}
