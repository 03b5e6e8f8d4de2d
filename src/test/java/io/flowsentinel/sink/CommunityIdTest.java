package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommunityIdTest {

    private final CommunityId communityId = new CommunityId();

    /**
     * The first two are of AWS's example records, then come the captures and the made-up tuples of the specification's
     * baseline (github.com/corelight/community-id-spec), then tests of its reference implementation
     * (github.com/corelight/pycommunityid). What neither publishes, UDP over IPv6 and a host that speaks to itself, is
     * what that implementation computes.
     */
    @ParameterizedTest
    @CsvSource({
        "6, 52.213.180.42, 43416, 10.0.0.62, 5001, 1:HQ1oJYZ+9SJOoeju7badiLfvwls=",
        "6, 10.20.33.164, 39812, 10.40.2.236, 80, 1:ws7yjpq1Xp9e30feJWxuPgfVePc=",
        "6, 128.232.110.120, 34855, 66.35.250.204, 80, 1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
        "6, 2001:470:e5bf:dead:4957:2174:e82c:4887, 63943, 2607:f8b0:400c:c03::1a, 25, 1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=",
        "17, 192.168.1.52, 54585, 8.8.8.8, 53, 1:d/FP5EW3wiY1vCndhwleRRKHowQ=",
        "132, 192.168.170.8, 7, 192.168.170.56, 7, 1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=",
        "46, 10.1.12.1, 0, 10.1.12.2, 0, 1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=",
        "6, 1.2.3.4, 1122, 5.6.7.8, 3344, 1:wCb3OG7yAFWelaUydu0D+125CLM=",
        "17, 1.2.3.4, 1122, 5.6.7.8, 3344, 1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg=",
        "132, 1.2.3.4, 1122, 5.6.7.8, 3344, 1:EKt4MsxuyaE6mL+hmrEkQ9csDD8=",
        "46, 1.2.3.4, 0, 5.6.7.8, 0, 1:ikv3kmf89luf73WPz1jOs49S768=",
        "132, 192.168.170.8, 7, 192.168.170.56, 80, 1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=",
        "6, 10.0.0.1, 10, 10.0.0.2, 11569, 1:SXBGMX1lBOwhhoDrZynfROxnhnM=",
        "46, 10.1.24.4, 0, 10.1.12.1, 0, 1:/nQI4Rh/TtY3mf0R2gJFBkVlgS4=",
        "46, fe80:1:203:405:607:809:a0b:c0d, 0, fe80:1011:1213:1415:1617:1819:1a1b:1c1d, 0,"
                + " 1:wQ/2mwrnXP4lmJcHdGL5ePjR+e0=",
        "17, fe80:1:203:405:607:809:a0b:c0d, 1122, fe80:1011:1213:1415:1617:1819:1a1b:1c1d, 3344,"
                + " 1:btlJ1gUR2IFOlTxfzZLbQ/BWcEg=",
        "6, 10.0.0.1, 40000, 10.0.0.1, 22, 1:dCGIqmmssKpxrpZd8+cfTMc9jgY=",
    })
    void isTheOneEverybodyElseComputesFromEitherEnd(
            int protocol, String one, int onePort, String other, int otherPort, String expected) {
        Endpoint here = new Endpoint(address(one), onePort);
        Endpoint there = new Endpoint(address(other), otherPort);

        assertThat(communityId.of(protocol, here, there)).isEqualTo(expected);
        assertThat(communityId.of(protocol, there, here)).isEqualTo(expected);
    }

    @Test
    void icmpHasNone() {
        Endpoint end = new Endpoint(address("10.0.0.1"), 0);

        assertThat(communityId.of(1, end, end)).isNull();
        assertThat(communityId.of(58, end, end)).isNull();
    }

    private static IpAddress address(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(InetAddress.getByName(text).getAddress());
            return bytes.remaining() == 4
                    ? IpAddress.ipv4(bytes.getInt())
                    : IpAddress.ipv6(bytes.getLong(), bytes.getLong());
        } catch (UnknownHostException e) {
            throw new AssertionError(text + " is a literal", e);
        }
    }
}
