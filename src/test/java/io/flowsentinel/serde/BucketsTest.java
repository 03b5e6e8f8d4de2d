package io.flowsentinel.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.ConnectionKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;

class BucketsTest {

    @Test
    void everyKeyGroupHasAsManyBuckets() {
        Map<Integer, Integer> keys = keysByBucket();

        assertThat(bucketsByKeyGroup(keys.values(), 128).values()).hasSize(128).containsOnly(16);
        assertThat(bucketsByKeyGroup(keys.values(), 2048).values())
                .hasSize(2048)
                .containsOnly(1);
    }

    @Test
    void aKeyTellsItsBucket() {
        assertThat(keysByBucket())
                .allSatisfy((bucket, key) -> assertThat(Buckets.of(key)).isEqualTo(bucket));
    }

    /** Savepoints know buckets by their keys. */
    @Test
    void keysNeverChange() {
        Map<Integer, Integer> keys = keysByBucket();

        assertThat(keys).containsEntry(0, 451).containsEntry(1, 315).containsEntry(2047, 147);
        assertThat(List.copyOf(keys.values()).hashCode()).as("of all of them").isEqualTo(-1_015_969_071);
    }

    private static Map<Integer, Integer> keysByBucket() {
        Map<Integer, Integer> keys = new TreeMap<>();
        for (int bucket = 0; bucket < ConnectionKey.BUCKETS; bucket++) {
            keys.put(bucket, Buckets.keyOf(bucket));
        }
        assertThat(keys).hasSize(ConnectionKey.BUCKETS);
        return keys;
    }

    private static Map<Integer, Integer> bucketsByKeyGroup(Collection<Integer> keys, int maxParallelism) {
        Map<Integer, Integer> buckets = new TreeMap<>();
        for (Integer key : keys) {
            buckets.merge(KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism), 1, Integer::sum);
        }
        return buckets;
    }
}
