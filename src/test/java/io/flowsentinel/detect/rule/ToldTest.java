package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.settings.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.IpAddress;
import org.junit.jupiter.api.Test;

class ToldTest {

    private final Told told = new Told();

    @Test
    void aFactIsToldOnceAPane() {
        assertThat(told.isNew("vpc-1", ip("10.0.0.1"), 60)).isTrue();
        assertThat(told.isNew("vpc-1", ip("10.0.0.1"), 60)).isFalse();
        assertThat(told.isNew("vpc-1", ip("10.0.0.1"), 120)).isTrue();
        assertThat(told.isNew("vpc-2", ip("10.0.0.1"), 60)).isTrue();
        assertThat(told.isNew(null, ip("2001:db8::1"), 60)).isTrue();
        assertThat(told.isNew(null, ip("2001:db8::1"), 60)).isFalse();
    }

    @Test
    void anInterfaceIsToldOnceAPaneToo() {
        assertThat(told.isNew("vpc-1", "eni-1", 60)).isTrue();
        assertThat(told.isNew("vpc-1", "eni-1", 60)).isFalse();
        assertThat(told.isNew("vpc-1", "eni-2", 60)).isTrue();
        assertThat(told.isNew("vpc-1", "eni-1", 120)).isTrue();
    }

    /** Far more than there are places: what is displaced is told again, and nobody is taken for another. */
    @Test
    void whoWasNeverToldIsAlwaysNew() {
        for (int host = 0; host < 100_000; host++) {
            assertThat(told.isNew("vpc-1", IpAddress.ipv4(host), 60)).isTrue();
        }
    }
}
