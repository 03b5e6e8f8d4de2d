package io.flowsentinel.parse;

import java.util.Arrays;
import java.util.List;

/**
 * The columns of a format that together decide one value, such as the interface that logged.
 *
 * <p>Two groups of one signature hold the same fields in the same order, wherever their columns stand.
 */
final class ColumnGroup {

    private final long signature;
    private final int[] columns;

    private ColumnGroup(long signature, int[] columns) {
        this.signature = signature;
        this.columns = columns;
    }

    /**
     * The columns a format has for these fields.
     *
     * @param kind tells groups of different lists of fields apart; 0 to 3
     */
    static ColumnGroup of(int kind, List<FlowLogField> fields, FlowLogFormat format) {
        long signature = kind;
        int[] columns = new int[fields.size()];
        int present = 0;
        for (int i = 0; i < fields.size(); i++) {
            int column = format.column(fields.get(i));
            if (column != FlowLogFormat.NO_COLUMN) {
                signature |= 4L << i;
                columns[present++] = column;
            }
        }
        return new ColumnGroup(signature, Arrays.copyOf(columns, present));
    }

    long signature() {
        return signature;
    }

    int size() {
        return columns.length;
    }

    int column(int index) {
        return columns[index];
    }
}
