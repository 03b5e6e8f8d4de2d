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

    /** How far apart those buckets of connections are that lend their keys. */
    private static final int STEP = ConnectionKey.BUCKETS / COUNT;

    private SubjectBuckets() {}

    /** The bucket of a subject, from 0 to {@link #COUNT} - 1. */
    static int of(int subjectHash) {
        return subjectHash & COUNT - 1;
    }

    /**
     * The key of a bucket. A bucket of connections falls on the key group that is its number modulo how many there are, and a
     * subtask has key groups that follow one another. So in steps once through a group of {@link #COUNT}, then from one further
     * on: of at most as many key groups as there are buckets all have equally many, and of more each run of {@code groups /
     * COUNT} has one. Their number is a power of two.
     */
    static Integer keyOf(int bucket) {
        return Buckets.keyOf(bucket * STEP + bucket * STEP / COUNT);
    }
}
