package io.flowsentinel.detect.settings;

import static io.flowsentinel.detect.settings.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.Observer;
import java.io.IOException;
import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    private final Networks networks = Networks.byDefault();

    @ParameterizedTest
    @ValueSource(strings = {"10.255.0.1", "172.31.0.1", "192.168.1.1", "100.64.0.1", "fd00::1"})
    void privateAddressesAreInternal(String address) {
        assertThat(networks.internal(side(address))).isTrue();
        assertThat(networks.contains(ip(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"172.32.0.1", "100.128.0.1", "8.8.8.8", "2600:1f18::1"})
    void otherAddressesArePublic(String address) {
        assertThat(networks.internal(side(address))).isFalse();
        assertThat(networks.routed(ip(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "169.254.169.254", "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "ff02::1"})
    void specialAddressesAreNeither(String address) {
        assertThat(networks.internal(side(address))).isFalse();
        assertThat(networks.routed(ip(address))).isFalse();
    }

    @Test
    void theAddressOfTheOwnInterfaceIsInternal() {
        Observer own = new Observer("vpc-1", "eni-web", "123456789012", null, null, "vpc-1", null, null, null, "web");
        Side side = new Side(new Endpoint(ip("2600:1f18::1"), 22), 1, 60, 2, own, null, List.of());

        assertThat(networks.internal(side)).isTrue();
        assertThat(networks.contains(ip("2600:1f18::1"))).isFalse();
    }

    @Test
    void networksTravelWithTheJob() throws IOException, ClassNotFoundException {
        Networks arrived = InstantiationUtil.clone(Networks.of(java.util.List.of("8.8.8.0/24")));

        assertThat(arrived.internal(side("8.8.8.8"))).isTrue();
        assertThat(arrived.internal(side("10.0.0.1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "a.b.c.d", "fd00::/129", "fd00::g", "", "10.0.0.0/"})
    void whatIsNoCidrIsRefused(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBlockIsCutFromAnAddress() {
        assertThat(Cidr.around(ip("198.51.100.7"), 16)).hasToString("198.51.0.0/16");
        assertThat(Cidr.around(ip("2001:db8:1:2::7"), 32)).hasToString("2001:db8::/32");
    }

    private static Side side(String address) {
        return new Side(new Endpoint(ip(address), 22), 1, 60, 2, null, null, List.of());
    }
}
