package io.flowsentinel.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HashesSeenTest {

    private static final int MOST = 1 << 10;

    private final HashesSeen seen = new HashesSeen(MOST);

    @Test
    void whatWasSeenIsNeverMissedAndNearlyAllElseIsKnownNotToHaveBeen() {
        int[] hashes = new Random(1).ints(MOST).toArray();
        IntStream.of(hashes).forEach(seen::see);

        assertThat(IntStream.of(hashes)).allMatch(seen::mayHaveSeen);
        assertThat(new Random(2).ints(10_000).filter(seen::mayHaveSeen).count()).isBetween(1L, 1_000L);
    }

    @Test
    void clearedItHasSeenNothing() {
        seen.see(Integer.MIN_VALUE);

        seen.clear();

        assertThat(new Random(1).ints(10_000)).noneMatch(seen::mayHaveSeen);
    }
}
