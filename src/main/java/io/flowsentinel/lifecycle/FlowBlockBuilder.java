package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Observer;
import io.flowsentinel.serde.Buckets;
import java.util.Arrays;

/** Puts records of one bucket together, block by block. */
final class FlowBlockBuilder {

    /** Bounds a block of a bucket that has nearly all the traffic. */
    static final int MOST_RECORDS = 256;

    /** The records of a connection come one soon after the other, so their names are among the last. */
    private static final int LOOKED_BACK = 6;

    private static final int FEW_NAMES = 4;
    private static final int NONE = -1;

    private final PackedWriter packed = new PackedWriter(512);
    private Observer[] observers = new Observer[FEW_NAMES];
    private String[] objects = new String[FEW_NAMES];
    private int observerCount;
    private int objectCount;
    private int records;
    private long earliest = Long.MAX_VALUE;

    /**
     * Adds a record.
     *
     * @param body the bytes from {@code from} to before {@code to}, see {@link RecordFormat#writeBody}
     */
    void add(Observer observer, String object, byte[] body, int from, int to) {
        RecordFormat.write(number(observer), number(object), body, from, to, packed);
        earliest = Math.min(earliest, RecordFormat.start(body, from));
        records++;
    }

    private int number(Observer observer) {
        int known = find(observer, observers, observerCount);
        if (known != NONE) {
            return known;
        }
        if (observerCount == observers.length) {
            observers = Arrays.copyOf(observers, observerCount * 2);
        }
        observers[observerCount] = observer;
        return observerCount++;
    }

    private int number(String object) {
        int known = find(object, objects, objectCount);
        if (known != NONE) {
            return known;
        }
        if (objectCount == objects.length) {
            objects = Arrays.copyOf(objects, objectCount * 2);
        }
        objects[objectCount] = object;
        return objectCount++;
    }

    /** Looks for the instance: equal names are mostly one, and where they are not, both are kept. */
    private static int find(Object name, Object[] names, int count) {
        for (int i = count - 1; i >= Math.max(0, count - LOOKED_BACK); i--) {
            if (names[i] == name) {
                return i;
            }
        }
        return NONE;
    }

    boolean isEmpty() {
        return records == 0;
    }

    boolean isFull() {
        return records == MOST_RECORDS;
    }

    /**
     * The records added since the last block, at least one.
     *
     * @param key of {@link Buckets}
     */
    FlowBlock build(int key) {
        FlowBlock block = new FlowBlock(
                key,
                earliest,
                packed.copy(),
                Arrays.copyOf(observers, observerCount),
                Arrays.copyOf(objects, objectCount));
        packed.clear();
        observerCount = 0;
        objectCount = 0;
        records = 0;
        earliest = Long.MAX_VALUE;
        return block;
    }
}
