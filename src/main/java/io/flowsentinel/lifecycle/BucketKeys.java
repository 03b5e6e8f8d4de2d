package io.flowsentinel.lifecycle;

import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.serde.Buckets;

/** What the tracker's exchange is keyed by, see {@link Buckets}. */
public final class BucketKeys {

    private BucketKeys() {}

    /** The key of the record's bucket. */
    public static Integer of(FlowRecord flow) {
        return Buckets.keyOf(flow.bucket());
    }

    /** The bucket that has this key. */
    static int bucket(int key) {
        return Buckets.of(key);
    }
}
