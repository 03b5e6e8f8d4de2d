package io.flowsentinel.serde;

import io.flowsentinel.model.ConnectionKey;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * What an exchange is keyed by whose state is kept by the bucket: a number for each bucket, chosen so that Flink spreads
 * the buckets evenly.
 *
 * <p>Flink hashes a key before it routes by it. Bucket numbers as keys would fall on the key groups as dice fall, and at
 * 32 subtasks the busiest would have a third more buckets than the mean. The number of a bucket is the smallest one that
 * is hashed to the bucket itself, so every key group has as many buckets as any other, whatever power of two up to
 * 2,048 the maximum parallelism is; it is one unless configured otherwise. Part of every savepoint: never changes.
 */
public final class Buckets {

    private static final Integer[] KEYS = smallestKeys();

    private Buckets() {}

    /**
     * The key of a bucket.
     *
     * @param bucket from 0, less than {@link ConnectionKey#BUCKETS}
     */
    public static Integer keyOf(int bucket) {
        return KEYS[bucket];
    }

    /** The bucket that has this key. */
    public static int of(int key) {
        return KeyGroupRangeAssignment.computeKeyGroupForKeyHash(key, ConnectionKey.BUCKETS);
    }

    /** By bucket. Takes some 20,000 tries. */
    private static Integer[] smallestKeys() {
        Integer[] keys = new Integer[ConnectionKey.BUCKETS];
        int missing = ConnectionKey.BUCKETS;
        for (int key = 0; missing > 0; key++) {
            int bucket = of(key);
            if (keys[bucket] == null) {
                keys[bucket] = key;
                missing--;
            }
        }
        return keys;
    }
}
