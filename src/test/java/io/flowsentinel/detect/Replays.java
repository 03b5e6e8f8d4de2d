package io.flowsentinel.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.FoldedRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The same input in other orders and other steps of event time. */
public final class Replays {

    private Replays() {}

    /** The alerts of one replay, after others have been found to say the same. */
    public static List<Alert> alike(Family family, List<Connection> connections, List<FoldedRecord> records, long end) {
        List<Alert> expected = run(family, connections, records, 20, end, new Random(1));
        for (long step : new long[] {60, 170, 1_000, end}) {
            assertThat(run(family, connections, records, step, end, new Random(step)))
                    .as("in steps of %d s", step)
                    .isEqualTo(expected);
        }
        return expected;
    }

    /** Everything certain by a step's end arrives in that step, in any order. */
    private static List<Alert> run(
            Family family,
            List<Connection> connections,
            List<FoldedRecord> records,
            long step,
            long end,
            Random random) {
        Detection detection = Detection.of(family);
        long before = Long.MIN_VALUE;
        for (long now = step; now < end + step; now += step) {
            long until = Connections.T0 + Math.min(now, end);
            List<Runnable> arriving = new ArrayList<>();
            for (Connection connection : connections) {
                if (connection.decidedAt() > before && connection.decidedAt() <= until) {
                    arriving.add(() -> detection.see(connection));
                }
            }
            for (FoldedRecord record : records) {
                if (record.decidedAt() > before && record.decidedAt() <= until) {
                    arriving.add(() -> detection.see(record));
                }
            }
            Collections.shuffle(arriving, random);
            arriving.forEach(Runnable::run);
            detection.until(until - Connections.T0);
            before = until;
        }
        return detection.all();
    }
}
