package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class AddressTextPropertiesTest {

    @Property(tries = 1_000)
    void readsWhatTheModelPrints(@ForAll @Size(16) byte[] bytes) {
        IpAddress address = IpAddress.ipv6(Words.at(bytes, 0), Words.at(bytes, 8));

        assertThat(AddressTextTest.read(address.toString())).isEqualTo(address);
    }

    @Property(tries = 1_000)
    void readsIpv4AsTheJdkDoes(@ForAll @Size(4) byte[] bytes) throws UnknownHostException {
        String text = InetAddress.getByAddress(bytes).getHostAddress();

        assertThat(AddressTextTest.read(text).bytes()).isEqualTo(bytes);
    }
}
