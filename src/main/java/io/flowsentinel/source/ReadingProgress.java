package io.flowsentinel.source;

/** How far a reader has come with one object; changed by the task's thread as batches are given out. */
final class ReadingProgress {

    private ObjectSplit split;

    ReadingProgress(ObjectSplit split) {
        this.split = split;
    }

    void gaveOut(LineBatch<?> batch) {
        split = batch.after();
    }

    ObjectSplit split() {
        return split;
    }
}
