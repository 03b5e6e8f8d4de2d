package io.flowsentinel.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.rule.Families;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.LifecycleEvent;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When what was counted for an hour is sent. */
class TallyConnectionsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int OPENS = 3;

    private OneInputStreamOperatorTestHarness<LifecycleEvent, PartialBlock> harness;

    @BeforeEach
    void open() throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(
                new TallyConnections(Rules.defaults(), Networks.byDefault(), MINUTE));
        harness.open();
        for (int i = 0; i < OPENS; i++) {
            harness.processElement(new StreamRecord<>(Connections.from("10.0.1.5", "198.51.100.7", 443)
                    .at(i)
                    .answered()
                    .close()));
        }
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void atTheWatermarkByWhichItIsJudgedAndNotBefore() throws Exception {
        Panes panes = Families.BEACONS.panes(MINUTE);
        long due = panes.evaluatedAt(panes.entering(Connections.T0, Connections.T0)) * 1_000;

        harness.processWatermark(new Watermark(due - 1));
        assertThat(opens()).isZero();
        harness.processWatermark(new Watermark(due));

        assertThat(opens()).isEqualTo(OPENS);
    }

    @Test
    void beforeACheckpoint() throws Exception {
        harness.prepareSnapshotPreBarrier(1);

        assertThat(opens()).isEqualTo(OPENS);
    }

    @Test
    void atTheEndOfTheInput() throws Exception {
        harness.getOperator().finish();

        assertThat(opens()).isEqualTo(OPENS);
    }

    private long opens() {
        AtomicLong opens = new AtomicLong();
        Blocks.open(harness.extractOutputValues()).stream()
                .filter(partial -> partial.part().family() == Families.BEACONS.code())
                .forEach(partial -> partial.page().counting().forEach((cell, tally) -> opens.addAndGet(tally.count())));
        return opens.get();
    }
}
