package io.flowsentinel.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionKeyTest {

    private static final Endpoint LOW = new Endpoint(IpAddress.ipv4(0x0a000001), 443);
    private static final Endpoint HIGH = new Endpoint(IpAddress.ipv4(0xc0a80001), 80);

    @Test
    void bothDirectionsHaveOneKeyWithTheLowerAddressFirst() {
        ConnectionKey there = ConnectionKey.between("vpc-1", 6, HIGH, LOW);

        assertThat(there).isEqualTo(ConnectionKey.between("vpc-1", 6, LOW, HIGH));
        assertThat(there.lower()).isEqualTo(LOW);
        assertThat(there.bucket()).isEqualTo(new ConnectionKey("vpc-1", 6, LOW, HIGH).bucket());
    }

    @Test
    void thePortsOrderTwoEndpointsOfOneAddress() {
        Endpoint other = new Endpoint(LOW.address(), 40001);

        assertThat(ConnectionKey.between("vpc-1", 6, other, LOW).lower()).isEqualTo(LOW);
        assertThat(ConnectionKey.between("vpc-1", 6, LOW, other).lower()).isEqualTo(LOW);
    }

    @Test
    void scopesAndProtocolsAreApart() {
        assertThat(ConnectionKey.between("vpc-1", 6, LOW, HIGH))
                .isNotEqualTo(ConnectionKey.between("vpc-2", 6, LOW, HIGH))
                .isNotEqualTo(ConnectionKey.between("vpc-1", 17, LOW, HIGH));
    }
}
