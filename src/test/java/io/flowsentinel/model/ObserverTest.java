package io.flowsentinel.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ObserverTest {

    @Test
    void observersOfALogWithoutInterfaceIdsAreHashedByInstance() {
        assertThat(IntStream.range(0, 1_000)
                        .map(i -> observer("subnet-1", "i-" + i).hashCode())
                        .distinct()
                        .count())
                .isGreaterThan(990);
    }

    @Test
    void observersOfALogWithoutInterfaceIdsAreHashedBySubnet() {
        assertThat(observer("subnet-1", null)).doesNotHaveSameHashCodeAs(observer("subnet-2", null));
    }

    private static Observer observer(String subnetId, String instanceId) {
        return new Observer("vpc-1", "-", null, null, null, null, subnetId, instanceId, null, null);
    }
}
