package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * What the tracker's exchange is keyed by: a number for each bucket, chosen so that Flink spreads the buckets evenly.
 *
 * <p>Flink hashes a key before it routes by it. Bucket numbers as keys would fall on the key groups as dice fall, and at
 * 32 subtasks the busiest would have a third more buckets than the mean. The number of a bucket is the smallest one that
 * is hashed to the bucket itself, so every key group has as many buckets as any other, whatever power of two up to
 * 2,048 the maximum parallelism is; it is one unless configured otherwise. Part of every savepoint: never changes.
 */
public final class BucketKeys {

    private static final int[] KEYS = smallestKeys();

    private BucketKeys() {}

    /** The key of the record's bucket. */
    public static int of(FlowRecord flow) {
        return KEYS[flow.bucket()];
    }

    /** The bucket that has this key. */
    static int bucket(int key) {
        return KeyGroupRangeAssignment.computeKeyGroupForKeyHash(key, ConnectionKey.BUCKETS);
    }

    /** By bucket. Takes some 20,000 tries. */
    private static int[] smallestKeys() {
        int[] keys = new int[ConnectionKey.BUCKETS];
        boolean[] found = new boolean[ConnectionKey.BUCKETS];
        int missing = ConnectionKey.BUCKETS;
        for (int key = 0; missing > 0; key++) {
            int bucket = bucket(key);
            if (!found[bucket]) {
                found[bucket] = true;
                keys[bucket] = key;
                missing--;
            }
        }
        return keys;
    }
}
