package io.flowsentinel.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0000000000000001, ::1",
        "0000000000000000, 0000000000000000, ::",
        "20010db800000000, 0000000000000007, 2001:db8::7",
        "20010db800000001, 0001000100010001, 2001:db8:0:1:1:1:1:1",
        "20010db800000000, 0001000000000001, 2001:db8::1:0:0:1",
        "20010db812345678, 9abcdef000000000, 2001:db8:1234:5678:9abc:def0::",
        "0000000000000000, 0000ffffc0000201, ::ffff:192.0.2.1"
    })
    void printsIpv6AsRfc5952Says(String high, String low, String text) {
        IpAddress address = IpAddress.ipv6(Long.parseUnsignedLong(high, 16), Long.parseUnsignedLong(low, 16));

        assertThat(address).hasToString(text);
    }

    @Test
    void ordersIpv6AddressesByUnsignedBytes() {
        IpAddress documentation = IpAddress.ipv6(0x20010db8_00000000L, 0x80000000_00000000L);
        IpAddress uniqueLocal = IpAddress.ipv6(0xfd000000_00000000L, 0);

        assertThat(documentation).isLessThan(uniqueLocal);
        assertThat(IpAddress.ipv6(0x20010db8_00000000L, 1)).isLessThan(documentation);
    }

    @Test
    void ordersIpv4AddressesUnsigned() {
        IpAddress low = IpAddress.ipv4(0x0a000001);
        IpAddress high = IpAddress.ipv4(0xc0a80001);

        assertThat(low).isLessThan(high).hasToString("10.0.0.1");
        assertThat(high).hasToString("192.168.0.1");
    }
}
