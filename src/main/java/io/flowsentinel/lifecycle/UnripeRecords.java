package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Observer;

/** What is left of a block when the records that may be folded are taken out: the others and what they refer to. */
final class UnripeRecords {

    private final FlowBlock block;
    private final PackedWriter records;

    // By the number in the block one more than the number in what is left; 0 for what no record has referred to.
    private final int[] observerNumbers;
    private final int[] objectNumbers;
    private int observers;
    private int objects;
    private long earliest = Long.MAX_VALUE;

    /** @param records a buffer to write in */
    UnripeRecords(FlowBlock block, PackedWriter records) {
        this.block = block;
        this.records = records;
        this.observerNumbers = new int[block.observers().length];
        this.objectNumbers = new int[block.objects().length];
        records.clear();
    }

    /**
     * Leaves a record in.
     *
     * @param from where its start is in the block
     * @param to its end in the block
     */
    void add(int observer, int object, int from, int to, long start) {
        if (observerNumbers[observer] == 0) {
            observerNumbers[observer] = ++observers;
        }
        if (objectNumbers[object] == 0) {
            objectNumbers[object] = ++objects;
        }
        RecordFormat.write(
                observerNumbers[observer] - 1, objectNumbers[object] - 1, block.records(), from, to, records);
        earliest = Math.min(earliest, start);
    }

    /** The records left in; null where there are none. */
    FlowBlock block() {
        if (records.length() == 0) {
            return null;
        }
        return new FlowBlock(
                block.key(),
                earliest,
                records.copy(),
                used(block.observers(), observerNumbers, new Observer[observers]),
                used(block.objects(), objectNumbers, new String[objects]));
    }

    private static <T> T[] used(T[] all, int[] numbers, T[] used) {
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] > 0) {
                used[numbers[i] - 1] = all[i];
            }
        }
        return used;
    }
}
