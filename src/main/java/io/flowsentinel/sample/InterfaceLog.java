package io.flowsentinel.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The log of one interface: adds packets up to one record per direction, 5-tuple and action in each aggregation
 * interval of 60 s. An interval without packets gives a NODATA record.
 */
final class InterfaceLog {

    static final long WINDOW_MILLIS = 60_000;

    /** How often all records of an interval carry the times of the capture batch and not their own. */
    private static final double BATCH_TIMES = 0.7;

    private record Row(View view, boolean accepted) {}

    private final Nic nic;
    private final Dice dice;
    private final TreeMap<Long, Map<Row, Counters>> windows = new TreeMap<>();
    private final Set<Long> incomplete = new HashSet<>();
    private long nextWindow;

    InterfaceLog(Nic nic, long startMillis, Dice dice) {
        this.nic = nic;
        this.dice = dice;
        this.nextWindow = window(startMillis + WINDOW_MILLIS - 1);
    }

    void add(View view, boolean accepted, long atMillis, int flags, long packets, long bytes) {
        long window = window(atMillis);
        if (window >= nextWindow) {
            windows.computeIfAbsent(window, unused -> new LinkedHashMap<>())
                    .computeIfAbsent(new Row(view, accepted), unused -> new Counters())
                    .add(atMillis, flags, packets, bytes);
        }
    }

    void lose(long atMillis) {
        incomplete.add(window(atMillis));
    }

    void flush(long nowMillis, Wire.Lines lines) throws IOException {
        while (beginMillis(nextWindow + 1) <= nowMillis) {
            Map<Row, Counters> rows = windows.remove(nextWindow);
            write(rows == null ? Map.of() : rows, lines);
            nextWindow++;
        }
    }

    private void write(Map<Row, Counters> rows, Wire.Lines lines) throws IOException {
        long begin = beginMillis(nextWindow) / 1000;
        long batchStart = begin + dice.between(0, 4);
        long batchEnd = begin + dice.between(52, 59);
        if (rows.isEmpty()) {
            lines.add(nic, batchEnd, RecordLine.withoutData(nic, batchStart, batchEnd, "NODATA"));
        }
        if (incomplete.remove(nextWindow)) {
            lines.add(nic, batchEnd, RecordLine.withoutData(nic, batchStart, batchEnd, "SKIPDATA"));
        }
        boolean batchTimes = dice.chance(BATCH_TIMES);
        List<Map.Entry<Row, Counters>> shuffled = new ArrayList<>(rows.entrySet());
        dice.shuffle(shuffled);
        for (Map.Entry<Row, Counters> entry : shuffled) {
            Counters counters = entry.getValue();
            long start = batchTimes ? batchStart : counters.firstSeconds();
            long end = batchTimes ? batchEnd : counters.lastSeconds();
            Row row = entry.getKey();
            lines.add(nic, end, RecordLine.of(nic, row.view(), row.accepted(), counters, start, end));
        }
    }

    private long window(long millis) {
        return Math.floorDiv(millis - nic.phaseSeconds() * 1000L, WINDOW_MILLIS);
    }

    private long beginMillis(long window) {
        return window * WINDOW_MILLIS + nic.phaseSeconds() * 1000L;
    }
}
