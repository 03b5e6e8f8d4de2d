package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.model.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Connections that are one with silences between them: what {@link LongConnection} remembers of a pair and port.
 *
 * @param seconds how long it has been open, as far as is known
 * @param told epoch seconds of the start of the last pane that told of it
 * @param over whether the last one known has ended
 * @param allowed whether an allow-list entry covers it
 * @param translated whether a gateway opened it for a connection that is logged
 */
record Chain(long seconds, long told, boolean over, boolean allowed, boolean translated) {

    private static final String PREFIX = "chain ";
    private static final long ALLOWED = 1;
    private static final long TRANSLATED = 2;

    /** An open one is not heard of after the last tier; one that ends in a range that is not read never ends. */
    private static final long OPEN_FOR_LONG = 30 * Detector.DAY;

    private static Chain of(long[] numbers) {
        return new Chain(
                numbers[0], numbers[1], numbers[2] != 0, (numbers[3] & ALLOWED) != 0, (numbers[3] & TRANSLATED) != 0);
    }

    static Chain read(Memory memory, String id) {
        long[] numbers = memory.get(PREFIX + id);
        return numbers == null ? null : of(numbers);
    }

    void write(Memory memory, String id) {
        long why = (allowed ? ALLOWED : 0) | (translated ? TRANSLATED : 0);
        memory.put(PREFIX + id, new long[] {seconds, told, over ? 1 : 0, why});
    }

    /** All that are remembered, by the id of their first. */
    static SortedMap<String, Chain> all(Memory memory) {
        SortedMap<String, Chain> all = new TreeMap<>();
        memory.read((name, numbers) -> {
            if (name.startsWith(PREFIX)) {
                all.put(name.substring(PREFIX.length()), of(numbers));
            }
        });
        return all;
    }

    static int count(Memory memory) {
        int[] count = {0};
        memory.read((name, numbers) -> count[0] += name.startsWith(PREFIX) ? 1 : 0);
        return count[0];
    }

    /** Whether anything is left. */
    static boolean forgetBefore(Memory memory, long moment) {
        List<String> old = new ArrayList<>();
        memory.read((name, numbers) -> {
            Chain chain = of(numbers);
            if (chain.told < (chain.over ? moment : moment - OPEN_FOR_LONG)) {
                old.add(name);
            }
        });
        old.forEach(memory::remove);
        return count(memory) > 0;
    }

    /**
     * A connection, as a cell names it.
     *
     * @param chain id of the first of its chain
     */
    record Piece(String id, String chain) {

        static Piece of(Cell cell) {
            int blank = cell.side().indexOf(' ');
            return blank < 0
                    ? new Piece(cell.side(), cell.side())
                    : new Piece(cell.side().substring(0, blank), cell.side().substring(blank + 1));
        }

        static String text(Connection connection) {
            return connection.continuation() == null ? connection.id() : connection.id() + " " + connection.chainId();
        }
    }
}
