package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.judging.Records;
import io.flowsentinel.model.FlowRecord;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SpreadTest {

    private static final Panes MINUTES = new Panes(60, 150, 60);

    private record Share(long packets, long bytes) {}

    @Property
    void thePartsAddUpWhateverThePanes(
            @ForAll @IntRange(min = 1, max = 4_000) int paneLength,
            @ForAll @LongRange(min = -100_000, max = 100_000) long start,
            @ForAll @IntRange(max = 700) int lasting,
            @ForAll @LongRange(min = 0) long packets,
            @ForAll @LongRange(min = 0) long bytes) {
        Panes panes = new Panes(paneLength, 150, 60);
        FlowRecord flow = record(start, lasting, packets, bytes);

        Map<Long, Share> parts = parts(panes, flow);

        assertThat(parts.values().stream().mapToLong(Share::packets).sum()).isEqualTo(packets);
        assertThat(parts.values().stream().mapToLong(Share::bytes).sum()).isEqualTo(bytes);
        assertThat(parts).allSatisfy((pane, share) -> {
            assertThat(share.packets()).isNotNegative();
            assertThat(share.bytes()).isNotNegative();
            assertThat(pane).isEqualTo(panes.of(pane));
            assertThat(pane).isBetween(panes.of(flow.start()), panes.of(flow.end()));
        });
    }

    @Test
    void everySecondCarriesTheSame() {
        assertThat(parts(MINUTES, record(45, 60, 60, 6_000)))
                .containsExactly(Map.entry(T0, new Share(15, 1_500)), Map.entry(T0 + 60, new Share(45, 4_500)));
    }

    @Test
    void theEndOfAPaneIsNotInTheNext() {
        assertThat(parts(MINUTES, record(0, 60, 10, 600))).containsExactly(Map.entry(T0, new Share(10, 600)));
    }

    @Test
    void oneMomentIsInOnePane() {
        assertThat(parts(MINUTES, record(60, 0, 10, 600))).containsExactly(Map.entry(T0 + 60, new Share(10, 600)));
    }

    @Test
    void aPacketIsNotDivided() {
        assertThat(parts(MINUTES, record(30, 60, 1, 61)))
                .containsExactly(Map.entry(T0, new Share(0, 30)), Map.entry(T0 + 60, new Share(1, 31)));
    }

    @Test
    void aRecordLongerThanAnyIntervalCarriedItAllInItsLastPanes() {
        Map<Long, Share> parts = parts(MINUTES, record(0, 1_000_000, 1_000_000, 0));

        assertThat(parts).hasSize(100).containsKey(MINUTES.of(T0 + 1_000_000 - 1));
        assertThat(parts.values().stream().mapToLong(Share::packets).sum()).isEqualTo(1_000_000);
    }

    private static FlowRecord record(long start, long lasting, long packets, long bytes) {
        return Records.asks("10.0.1.5", 40_000, "203.0.113.9", 53)
                .at(start)
                .lasting(lasting)
                .carrying(packets, bytes)
                .flow();
    }

    private static Map<Long, Share> parts(Panes panes, FlowRecord flow) {
        Map<Long, Share> parts = new TreeMap<>();
        Spread.over(panes, flow, (pane, packets, bytes) -> {
            assertThat(packets + bytes).isNotZero();
            assertThat(parts.put(pane, new Share(packets, bytes))).isNull();
        });
        return parts;
    }
}
