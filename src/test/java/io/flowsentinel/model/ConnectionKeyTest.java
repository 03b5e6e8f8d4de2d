package io.flowsentinel.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
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

    @Test
    void conversationsOfTwoAddressesAboutOneServiceShareABucket() {
        int bucket = key(1, 2, 40_000, 443).bucket();

        assertThat(key(1, 2, 40_001, 443).bucket()).isEqualTo(bucket);
        assertThat(key(1, 2, 65_535, 443).bucket()).isEqualTo(bucket);
        assertThat(key(2, 1, 443, 40_002).bucket()).isEqualTo(bucket);
    }

    /** With other numbers what savepoints hold would be in the wrong buckets: then formats need new numbers. */
    @Test
    void bucketsAreWhatSavepointsHaveThemAs() {
        Endpoint client = new Endpoint(IpAddress.ipv6(0x20010db800000000L, 1), 40_000);
        Endpoint server = new Endpoint(IpAddress.ipv6(0x20010db800000000L, 2), 443);

        assertThat(key(1, 2, 40_000, 443).bucket()).isEqualTo(1_444);
        assertThat(ConnectionKey.between("vpc-1", 6, client, server).bucket()).isEqualTo(65);
    }

    /** The hosts of two neighbouring subnets, each with each: 65,536 pairs of addresses that differ in two bytes. */
    @Test
    void pairsOfNeighboursAreSpreadEvenly() {
        int[] counts = new int[ConnectionKey.BUCKETS];
        for (int one = 0; one < 256; one++) {
            for (int other = 0; other < 256; other++) {
                counts[key(one, 256 + other, 40_000, 443).bucket()]++;
            }
        }

        assertThat(IntStream.of(counts)).allMatch(count -> count > 32 / 4 && count < 32 * 2);
    }

    /** What a port scanner tries on one host, by which one bucket must not be filled. */
    @Test
    void servicesOfTwoAddressesAreSpreadEvenly() {
        int[] counts = new int[ConnectionKey.BUCKETS];
        for (int port = 1; port <= 65_535; port++) {
            counts[key(1, 2, 65_535, port).bucket()]++;
        }

        assertThat(IntStream.of(counts)).allMatch(count -> count > 32 / 4 && count < 32 * 2);
    }

    private static ConnectionKey key(int source, int destination, int sourcePort, int destinationPort) {
        return ConnectionKey.between(
                "vpc-1",
                6,
                new Endpoint(IpAddress.ipv4(0x0a000000 + source), sourcePort),
                new Endpoint(IpAddress.ipv4(0x0a000000 + destination), destinationPort));
    }
}
