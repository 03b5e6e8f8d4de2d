package io.flowsentinel.detect;

import io.flowsentinel.detect.Agenda.Filling;
import java.util.Arrays;
import java.util.function.BiConsumer;

/** How full the panes of a subject are, by their start, in order: few, and of nearly all subjects one. */
final class PaneFillings {

    private long[] starts = new long[1];
    private Filling[] fillings = new Filling[1];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** The start of the first pane; there has to be one. */
    long first() {
        return starts[0];
    }

    /** The start of the last pane; there has to be one. */
    long last() {
        return starts[size - 1];
    }

    /** Null where there is none. */
    Filling get(long start) {
        int at = Arrays.binarySearch(starts, 0, size, start);
        return at < 0 ? null : fillings[at];
    }

    /** The start of one of them; the first one is number 0. */
    long start(int number) {
        return starts[number];
    }

    /** How full that one is. */
    Filling filling(int number) {
        return fillings[number];
    }

    /** The start of the first pane from one on in which something counts; {@link Long#MAX_VALUE} where there is none. */
    long firstCountingFrom(long start) {
        for (int i = 0; i < size; i++) {
            if (starts[i] >= start && fillings[i].counted > 0) {
                return starts[i];
            }
        }
        return Long.MAX_VALUE;
    }

    /** How full a pane is that may not be there yet. */
    Filling getOrBegin(long start) {
        int at = Arrays.binarySearch(starts, 0, size, start);
        if (at >= 0) {
            return fillings[at];
        }
        Filling begun = new Filling();
        insert(-at - 1, start, begun);
        return begun;
    }

    /** Appends a pane that begins after all others. */
    void append(long start, Filling filling) {
        insert(size, start, filling);
    }

    private void insert(int at, long start, Filling filling) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, 2 * size);
            fillings = Arrays.copyOf(fillings, 2 * size);
        }
        System.arraycopy(starts, at, starts, at + 1, size - at);
        System.arraycopy(fillings, at, fillings, at + 1, size - at);
        starts[at] = start;
        fillings[at] = filling;
        size++;
    }

    /** Strikes out the panes that begin earlier; each is shown before. */
    void removeBefore(long start, BiConsumer<Long, Filling> last) {
        int removed = 0;
        while (removed < size && starts[removed] < start) {
            last.accept(starts[removed], fillings[removed]);
            removed++;
        }
        size -= removed;
        System.arraycopy(starts, removed, starts, 0, size);
        System.arraycopy(fillings, removed, fillings, 0, size);
        Arrays.fill(fillings, size, size + removed, null);
    }

    /** Shows each, in order. */
    void forEach(BiConsumer<Long, Filling> reader) {
        for (int i = 0; i < size; i++) {
            reader.accept(starts[i], fillings[i]);
        }
    }
}
