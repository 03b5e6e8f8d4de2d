package io.flowsentinel.detect;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.serde.Buckets;

/**
 * The buckets in which subjects are judged. There are fewer than of connections: what is counted of them is sent, kept and
 * taken up again in blocks of one bucket each, and short blocks cost more than what is in them. Part of every savepoint: never
 * changes.
 */
final class SubjectBuckets {

    /** A power of two; also the most subtasks among which judging can be divided. */
    static final int COUNT = 256;

    /** Every so manieth bucket of connections lends its key. */
    private static final int STEP = ConnectionKey.BUCKETS / COUNT;

    private SubjectBuckets() {}

    /** The bucket of a subject, from 0 to {@link #COUNT} - 1. */
    static int of(int subjectHash) {
        return subjectHash & COUNT - 1;
    }

    /**
     * The key of a bucket. Flink gives a subtask key groups that follow one another, and a bucket's key falls on its number
     * modulo their number: each round of {@link #STEP} begins one later than the one before, so that whatever power of two
     * that number is, the groups, or as many of them as there are buckets, have equally many.
     */
    static Integer keyOf(int bucket) {
        return Buckets.keyOf(bucket * STEP + bucket * STEP / COUNT);
    }
}
