package io.flowsentinel.detect.judging;

import static io.flowsentinel.detect.settings.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubjectTest {

    private static final int HASH_OF_A_PAIR = 718_785_708;
    private static final int HASH_OF_A_NAME = 66_413_278;

    /** Flink routes by it, also what an earlier version has kept. */
    @Test
    void theHashIsTheSameForEver() {
        assertThat(Subject.of(3, "vpc-1", ip("10.0.0.1"), ip("2001:db8::7"), 443, 6)
                        .hashCode())
                .isEqualTo(HASH_OF_A_PAIR);
        assertThat(Subject.of(24, null, "eni-1").hashCode()).isEqualTo(HASH_OF_A_NAME);
    }

    /** A hundred thousand pairs of neighbours: by chance one in forty thousand hashes is taken twice. */
    @Test
    void pairsOfNeighbouringAddressesHaveHashesOfTheirOwn() {
        Set<Integer> hashes = new HashSet<>();
        for (int host = 0; host < 400; host++) {
            for (int peer = 0; peer < 250; peer++) {
                hashes.add(Subject.of(
                                9,
                                "vpc-1",
                                ip("10.0." + host / 250 + "." + host % 250),
                                ip("198.51.100." + peer),
                                443,
                                6)
                        .hashCode());
            }
        }

        assertThat(hashes).hasSizeGreaterThan(99_990);
    }
}
