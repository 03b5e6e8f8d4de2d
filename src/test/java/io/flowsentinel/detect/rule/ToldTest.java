package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.settings.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ToldTest {

    private final Told told = new Told();

    @Test
    void aFactIsToldOnceATime() {
        assertThat(told.isNew("vpc-1", ip("10.0.0.1"), 1)).isTrue();
        assertThat(told.isNew("vpc-1", ip("10.0.0.1"), 1)).isFalse();
        assertThat(told.isNew("vpc-1", ip("10.0.0.1"), 2)).isTrue();
        assertThat(told.isNew("vpc-2", ip("10.0.0.1"), 1)).isTrue();
        assertThat(told.isNew(null, ip("2001:db8::1"), 1)).isTrue();
        assertThat(told.isNew(null, ip("2001:db8::1"), 1)).isFalse();
    }

    @Test
    void anInterfaceIsToldOnceATimeToo() {
        assertThat(told.isNew("vpc-1", "eni-1", 1)).isTrue();
        assertThat(told.isNew("vpc-1", "eni-1", 1)).isFalse();
        assertThat(told.isNew("vpc-1", "eni-2", 1)).isTrue();
        assertThat(told.isNew("vpc-1", "eni-1", 2)).isTrue();
    }

    /** Far more than are remembered: what is forgotten is told again, and nobody is taken for another. */
    @Test
    void whoWasNeverToldIsAlwaysNew() {
        for (int host = 0; host < 300_000; host++) {
            assertThat(told.isNew("vpc-1", IpAddress.ipv4(host), 1)).isTrue();
        }
    }

    @Test
    void theHostsOfAnEstateAreToldOnceATime() {
        for (int time = 1; time <= 3; time++) {
            for (int host = 0; host < Whom.MOST; host++) {
                assertThat(told.isNew("vpc-1", IpAddress.ipv4(0x0a000000 + host), time))
                        .isTrue();
            }
        }
        for (int host = 0; host < Whom.MOST; host++) {
            assertThat(told.isNew("vpc-1", IpAddress.ipv4(0x0a000000 + host), 1))
                    .isFalse();
        }
    }

    @Test
    void oneMoreThanAreRememberedAndAllAreToldAgain() {
        for (int host = 0; host <= Whom.MOST; host++) {
            told.isNew("vpc-1", IpAddress.ipv4(host), 1);
        }

        assertThat(told.isNew("vpc-1", IpAddress.ipv4(Whom.MOST), 1)).isFalse();
        assertThat(told.isNew("vpc-1", IpAddress.ipv4(7), 1)).isTrue();
        assertThat(told.isNew("vpc-1", IpAddress.ipv4(7), 1)).isFalse();
    }

    @Test
    void theFirstTimeIsNewWhateverItIs() {
        for (long time : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
            String interfaceId = "eni-" + time;

            assertThat(told.isNew(null, interfaceId, time)).isTrue();
            assertThat(told.isNew(null, interfaceId, time)).isFalse();
        }
    }

    @Test
    void timesInAnyOrderAreNewOnce() {
        Set<Long> known = new HashSet<>();
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            long time = random.nextInt(64);

            assertThat(told.isNew("vpc-1", "eni-1", time)).isEqualTo(known.add(time));
        }
    }

    /** Of a time long ago it is not known any more, and then of the later ones neither. */
    @Test
    void aTimeLongAgoIsToldAgain() {
        told.isNew("vpc-1", "eni-1", 37);
        told.isNew("vpc-1", "eni-1", 101);

        assertThat(told.isNew("vpc-1", "eni-1", 37)).isTrue();
        assertThat(told.isNew("vpc-1", "eni-1", 37)).isFalse();
        assertThat(told.isNew("vpc-1", "eni-1", 101)).isTrue();
    }

    /** A clock that was wrong once: what comes after it is told once a time again. */
    @Test
    void aTimeFarAheadIsOutlived() {
        told.isNew("vpc-1", "eni-1", 100);
        told.isNew("vpc-1", "eni-1", 1_000_000);

        assertThat(told.isNew("vpc-1", "eni-1", 100)).isTrue();
        assertThat(told.isNew("vpc-1", "eni-1", 100)).isFalse();
        assertThat(told.isNew("vpc-1", "eni-1", 101)).isTrue();
        assertThat(told.isNew("vpc-1", "eni-1", 100)).isFalse();
    }

    /** Of times that go together the first is always told, in whatever order they are heard of. */
    @Test
    void ofTimesThatGoTogetherNoneIsToldAfterOneBeforeIt() {
        Random random = new Random(2);
        for (int together = 1; together <= 63; together += 31) {
            Map<Long, Long> firstTold = new HashMap<>();
            for (int i = 0; i < 2_000; i++) {
                long time = i / 50L + random.nextInt(20); // as many as are known
                long group = Math.floorDiv(time, (long) together);
                boolean expected = time < firstTold.getOrDefault(group, Long.MAX_VALUE);
                assertThat(told.isFirst("vpc-1", "eni-" + together, time, together))
                        .as("time %s, %s together", time, together)
                        .isEqualTo(expected);
                firstTold.merge(group, time, Math::min);
            }
        }
    }
}
