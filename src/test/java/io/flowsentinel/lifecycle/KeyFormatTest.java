package io.flowsentinel.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFormatTest {

    private static final int KEYS = 1 << 12;

    /** Keys of a bucket are found by these bits, and many of them are of two addresses. */
    @ParameterizedTest
    @CsvSource({"false, 1, 2", "false, 2, 1", "true, 1, 2", "true, 2, 1"})
    void theUpperBitsTellClientPortsApart(boolean ipv6, int client, int server) {
        long places = IntStream.range(0, KEYS)
                .map(number -> hash(address(ipv6, client), 32_768 + number, address(ipv6, server))
                        >>> Integer.numberOfLeadingZeros(KEYS - 1))
                .distinct()
                .count();

        assertThat(places).isGreaterThan(KEYS / 2);
    }

    private static IpAddress address(boolean ipv6, int host) {
        return ipv6 ? IpAddress.ipv6(0x2001_0db8_0000_0000L, host) : IpAddress.ipv4(0x0a000000 + host);
    }

    private static int hash(IpAddress client, int port, IpAddress server) {
        ConnectionKey key = ConnectionKey.between("vpc-1", 6, new Endpoint(client, port), new Endpoint(server, 443));
        PackedWriter bytes = new PackedWriter(KeyFormat.MOST_BYTES);
        KeyFormat.write(key.protocol(), key.lower(), key.higher(), bytes);
        return KeyFormat.hash(bytes.bytes(), 0, bytes.length());
    }
}
