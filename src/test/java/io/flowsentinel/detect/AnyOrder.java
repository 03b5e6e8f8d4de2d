package io.flowsentinel.detect;

import static io.flowsentinel.detect.judging.Connections.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.FoldedRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Feeds the same in other orders and with other watermark steps: alerts must be the same, ids included. */
public final class AnyOrder {

    private AnyOrder() {}

    /** Asserts it, and that there is an alert. */
    public static void givesTheSameAlerts(Supplier<Detection> fresh, List<?> connectionsOrRecords, long end) {
        List<Alert> expected = run(fresh.get(), connectionsOrRecords, end, 3_600, new Random(0));
        assertThat(expected).isNotEmpty();
        for (int step : new int[] {901, 20_000, 400_000}) {
            assertThat(run(fresh.get(), connectionsOrRecords, end, step, new Random(step)))
                    .as("steps of %d s", step)
                    .isEqualTo(expected);
        }
    }

    /** Everything certain by a step's end arrives in that step, in any order. */
    private static List<Alert> run(Detection detection, List<?> all, long end, long step, Random random) {
        List<Object> left = new ArrayList<>(all);
        left.sort(Comparator.comparingLong(AnyOrder::decidedAt));
        int next = 0;
        for (long now = step; now < end + step; now += step) {
            List<Object> arriving = new ArrayList<>();
            while (next < left.size() && decidedAt(left.get(next)) <= T0 + now) {
                arriving.add(left.get(next));
                next++;
            }
            Collections.shuffle(arriving, random);
            arriving.forEach(element -> see(detection, element));
            detection.until(Math.min(now, end));
        }
        return detection.all();
    }

    private static void see(Detection detection, Object element) {
        if (element instanceof Connection connection) {
            detection.see(connection);
        } else {
            detection.see((FoldedRecord) element);
        }
    }

    private static long decidedAt(Object element) {
        return element instanceof Connection connection ? connection.decidedAt() : ((FoldedRecord) element).decidedAt();
    }
}
