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
                int bucket = partial.part().subject().hashCode() & SubjectBuckets.COUNT - 1;
                assertThat(block.key()).isEqualTo(SubjectBuckets.keyOf(bucket));
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

        tallies.sendDue(DUE - 1);
        assertThat(sent).isEmpty();
        tallies.sendDue(DUE);
        assertThat(parts()).contains(part(1, SCANS));
        tallies.sendDue(DUE + 60);

        assertThat(parts()).containsExactlyInAnyOrder(part(1, SCANS), part(2, SCANS));
    }

    /** Also of packets, bytes and moments, of which a cell has as many as there were. */
    @Test
    void allThatIsKnownOfACellArrives() {
        for (int i = 0; i < 10; i++) {
            ClosedConnection closed = closed(i);
            tallies.add(part(1, SCANS), DUE, false, cell(1), Tally.of(closed.sample(), 2, 100 + i, i == 3));
            tallies.add(part(2, SCANS), DUE, false, cell(1), Tally.at(closed.sample(), i * 7L, false));
            tallies.add(
                    part(3, SCANS),
                    DUE,
                    false,
                    cell(1),
                    Tally.of(closed.sample(), false).heaviest(closed.sample(), i));
        }
        tallies.send();

        Map<SubjectPart, Tally> arrived = new HashMap<>();
        Blocks.open(sent).forEach(partial -> partial.page().counting().forEach((cell, tally) -> arrived.computeIfAbsent(
                        partial.part(), unseen -> new Tally())
                .add(tally)));
        assertThat(arrived.get(part(1, SCANS)))
                .returns(10L, Tally::count)
                .returns(20L, Tally::packets)
                .returns(1_045L, Tally::bytes)
                .returns(true, Tally::coverageGap)
                .returns(Connections.T0, tally -> tally.first().start());
        assertThat(arrived.get(part(2, SCANS)).moments()).containsExactly(0, 7, 14, 21, 28, 35, 42, 49, 56, 63);
        assertThat(arrived.get(part(3, SCANS)))
                .returns(9L, Tally::weight)
                .returns(Connections.T0 + 9, tally -> tally.heaviest().start());
    }

    /** Each block has its own texts, however many blocks a bucket takes. */
    @Test
    void whatIsLongIsSentInBlocksThatAreWholeEach() {
        int parts = 40_000;
        for (int i = 0; i < parts; i++) {
            SubjectPart part = new SubjectPart(Subject.of(SCANS, "vpc-1", "name-" + i), SCANS, Connections.T0);
            if (SubjectBuckets.of(part.subject().hashCode()) < 8) {
                for (int times = 0; times < 50; times++) {
                    tallies.add(part, DUE, false, cell(times), counted(times));
                }
            }
        }
        tallies.send();

        assertThat(sent).hasSizeGreaterThan(8);
        assertThat(sent).allSatisfy(block -> assertThat(block.bytes().length).isLessThan(32_768));
        List<Partial> partials = new ArrayList<>();
        sent.forEach(block -> overTheWire(block).forEach(partials::add));
        assertThat(partials).allSatisfy(partial -> {
            assertThat(partial.part().subject().scope()).isEqualTo("vpc-1");
            assertThat(partial.part().subject().name()).startsWith("name-");
            assertThat(partial.page().size()).isEqualTo(50);
        });
        assertThat(total(partials) % 50).isZero();
    }

    /** Of more subjects with many marks than can be added up, each arrives whole. */
    @Test
    void thereMayBeMoreFloodsThanAreAddedUp() {
        PartialTallies few = new PartialTallies(sent::add, 16);
        int floods = 4_000;
        for (int i = 0; i < floods; i++) {
            SubjectPart part = new SubjectPart(Subject.of(SCANS, null, "name-" + i), SCANS, Connections.T0);
            for (int times = 0; times < 70; times++) {
                few.add(part, DUE, false, cell(1), counted(times));
            }
        }
        assertThat(parts()).as("those there is no room for do not wait").hasSizeGreaterThan(1_000);
        few.sendDue(DUE);

        assertThat(parts()).hasSize(floods);
        assertThat(total(Blocks.open(sent))).isEqualTo(70L * floods);
    }

    @Test
    void aFloodOfALaterPaneWaits() {
        for (int i = 0; i < 1_000; i++) {
            tallies.add(part(1, SCANS), DUE + 60, false, cell(1), counted(0));
        }
        tallies.add(part(2, SCANS), DUE, false, cell(1), counted(0));

        tallies.sendDue(DUE);
        assertThat(parts()).containsExactly(part(2, SCANS));
        tallies.sendDue(DUE + 60);

        assertThat(total(Blocks.open(sent))).isEqualTo(1_001);
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
        return Tally.of(closed(second).sample(), false);
    }

    private static ClosedConnection closed(int second) {
        return new ClosedConnection(
                Connections.from("198.51.100.7", "10.0.1.5", 22).at(second).close(), Networks.byDefault());
    }

    private static Cell cell(int number) {
        return new Cell(Connections.ip("10.0.1." + number), 22, 6, number % 2 == 0 ? null : "side", Map.of());
    }
}
