package io.flowsentinel.detect.judging;

import static io.flowsentinel.detect.judging.Connections.from;
import static io.flowsentinel.detect.judging.Connections.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.settings.Networks;
import org.junit.jupiter.api.Test;

class ClosedConnectionTest {

    private static final String HOST = "10.0.1.5";
    private static final String GATEWAY = "10.0.0.220";

    @Test
    void aNatGatewayStandsInThePlaceOfThePublicResponder() {
        assertThat(closed(from(HOST, "203.0.113.5", 443).throughNat(GATEWAY)).translators())
                .containsExactly(ip(GATEWAY));
    }

    @Test
    void aTransitGatewayStandsInThePlaceOfTheOriginator() {
        assertThat(closed(from(HOST, "10.40.2.236", 443).through("10.40.1.175")).translators())
                .containsExactly(ip("10.40.1.175"));
    }

    @Test
    void theFirstAddressOfAnInterfaceThatHasTheRespondersTooIsNoTranslator() {
        assertThat(closed(from(HOST, "10.0.1.77", 443).throughNat("10.0.1.7")).translators())
                .isEmpty();
    }

    private static ClosedConnection closed(Connections connection) {
        return new ClosedConnection(connection.close(), Networks.byDefault());
    }
}
