package io.flowsentinel.source;

/** How far a reader has come with one object; changed by the task's thread as batches are given out. */
final class ReadingProgress {

    private ObjectSplit split;

    ReadingProgress(ObjectSplit split) {
        this.split = split;
    }

    void gaveOut(LineBatch<?> batch) {
        LineBatch.Ending ending = batch.ending();
        split = new ObjectSplit(
                split.object(),
                batch.lines(),
                ending != null,
                ending == null ? Long.MIN_VALUE : ending.latestSeconds(),
                split.late());
    }

    ObjectSplit split() {
        return split;
    }
}
