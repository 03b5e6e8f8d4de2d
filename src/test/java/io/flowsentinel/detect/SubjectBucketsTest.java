package io.flowsentinel.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectBucketsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16, 32, 64, 128, 256})
    void everyKeyGroupHasAsManyBuckets(int keyGroups) {
        int[] keys = keysOfGroups(keyGroups);

        assertThat(keys).containsOnly(SubjectBuckets.COUNT / keyGroups);
    }

    /** A subtask has key groups that follow one another. */
    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2048})
    void ofMoreKeyGroupsEachThatFollowOneAnotherHaveOne(int keyGroups) {
        int[] keys = keysOfGroups(keyGroups);

        int together = keyGroups / SubjectBuckets.COUNT;
        for (int first = 0; first < keyGroups; first += together) {
            assertThat(IntStream.range(first, first + together)
                            .map(group -> keys[group])
                            .sum())
                    .as("keys of the groups from %d on", first)
                    .isOne();
        }
    }

    /** Savepoints know buckets by their keys. */
    @Test
    void keysNeverChange() {
        assertThat(keys())
                .startsWith(451, 1687, 604)
                .hasSize(SubjectBuckets.COUNT)
                .doesNotHaveDuplicates();
        assertThat(keys().hashCode()).as("of all of them").isEqualTo(-628_504_679);
    }

    private static List<Integer> keys() {
        return IntStream.range(0, SubjectBuckets.COUNT)
                .mapToObj(SubjectBuckets::keyOf)
                .toList();
    }

    private static int[] keysOfGroups(int keyGroups) {
        int[] keys = new int[keyGroups];
        keys().forEach(key -> keys[KeyGroupRangeAssignment.assignToKeyGroup(key, keyGroups)]++);
        return keys;
    }
}
