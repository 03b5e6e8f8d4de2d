package io.flowsentinel.detect.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.IpAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WhomTest {

    private final Whom whom = new Whom();

    /** A hash alone tells nobody apart. */
    @Test
    void whoHasTheSameHashIsSomebodyElse() {
        int one = whom.numberOf("vpc-1", "eni-1", 7);
        int other = whom.numberOf("vpc-1", "eni-2", 7);

        assertThat(other).isNotEqualTo(one);
        assertThat(whom.numberOf(new String("vpc-1"), new String("eni-1"), 7)).isEqualTo(one);
        assertThat(whom.numberOf("vpc-1", "eni-2", 7)).isEqualTo(other);
    }

    /** Whom to tell apart is known as it grows, and with numbers of the caller's. */
    @Test
    void eachHasItsOwnNumbers() {
        for (int i = 0; i < Whom.MOST; i++) {
            whom.set(whom.numberOf(scope(i), address(i)), 2, i + 1L);
        }

        Set<Integer> numbers = new HashSet<>();
        whom.forEach(numbers::add);
        assertThat(numbers).hasSize(Whom.MOST);
        assertThat(whom.size()).isEqualTo(Whom.MOST);
        for (int i = 0; i < Whom.MOST; i++) {
            int number = whom.numberOf(scope(i), address(i));
            assertThat(numbers.remove(number)).isTrue();
            assertThat(whom.get(number, 2)).isEqualTo(i + 1L);
            assertThat(whom.one(number)).isEqualTo(scope(i));
            assertThat(whom.other(number)).isEqualTo(address(i));
        }
        assertThat(whom.size()).isEqualTo(Whom.MOST);
    }

    @Test
    void ofMoreThanThereIsRoomForAllAreForgotten() {
        for (int i = 0; i < Whom.MOST; i++) {
            whom.set(whom.numberOf(null, IpAddress.ipv4(i)), 0, 1);
        }
        assertThat(whom.get(whom.numberOf(null, IpAddress.ipv4(-1)), 0)).isZero();

        assertThat(whom.size()).isOne();
        assertThat(whom.get(whom.numberOf(null, IpAddress.ipv4(0)), 0)).isZero();
    }

    /** IPv4 addresses, some in no scope, and the IPv6 addresses with the same low bits. */
    private static IpAddress address(int i) {
        int bits = i / 4;
        return i % 4 == 3 ? IpAddress.ipv6(0, bits) : IpAddress.ipv4(bits);
    }

    private static String scope(int i) {
        return i % 4 == 2 ? null : "vpc-" + i % 4;
    }
}
