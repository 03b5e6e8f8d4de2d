package io.flowsentinel.parse;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The columns of a format that together decide one value, such as the interface that logged, in the order they stand
 * in.
 *
 * <p>Two groups of one signature hold the same fields in the same order, whatever columns stand between. Neighbours
 * form a run, whose bytes are compared as one.
 */
final class ColumnGroup {

    private static final int FIELD_BITS = 4;
    private static final int KIND_BITS = 2;

    private final long signature;
    private final int[] columns;
    private final int[] runStarts;
    private final int[] runEnds;

    private ColumnGroup(long signature, int[] columns) {
        this.signature = signature;
        this.columns = columns;
        this.runStarts = Arrays.stream(columns)
                .filter(column -> !contains(columns, column - 1))
                .toArray();
        this.runEnds = Arrays.stream(columns)
                .filter(column -> !contains(columns, column + 1))
                .toArray();
    }

    /**
     * The columns a format has for these fields.
     *
     * @param kind tells groups of different lists of fields apart; 0 to 3
     * @param fields at most 15
     */
    static ColumnGroup of(int kind, List<FlowLogField> fields, FlowLogFormat format) {
        List<FlowLogField> present = fields.stream()
                .filter(format::has)
                .sorted(Comparator.comparingInt(format::column))
                .toList();
        long signature = 0;
        for (FlowLogField field : present) {
            signature = signature << FIELD_BITS | fields.indexOf(field) + 1;
        }
        return new ColumnGroup(
                signature << KIND_BITS | kind,
                present.stream().mapToInt(format::column).toArray());
    }

    private static boolean contains(int[] sorted, int column) {
        return Arrays.binarySearch(sorted, column) >= 0;
    }

    long signature() {
        return signature;
    }

    boolean isEmpty() {
        return columns.length == 0;
    }

    int size() {
        return columns.length;
    }

    int column(int index) {
        return columns[index];
    }

    /** How many runs of neighbouring columns there are. */
    int runs() {
        return runStarts.length;
    }

    /** The first column of a run. */
    int runStart(int run) {
        return runStarts[run];
    }

    /** The last column of a run. */
    int runEnd(int run) {
        return runEnds[run];
    }
}
