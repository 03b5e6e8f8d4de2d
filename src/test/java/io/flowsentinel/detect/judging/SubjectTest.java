package io.flowsentinel.detect.judging;

import static io.flowsentinel.detect.settings.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.IpAddress;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class SubjectTest {

    private static final int HASH_OF_A_PAIR = 718_785_708;
    private static final int HASH_OF_A_NAME = 66_413_278;

    /** Flink routes by it, also what an earlier version has kept. */
    @Test
    void theHashIsTheSameForEver() {
        assertThat(Subject.of(3, "vpc-1", ip("10.0.0.1"), ip("2001:db8::7"), 443, 6)
                        .hashCode())
                .isEqualTo(HASH_OF_A_PAIR);
        assertThat(Subject.of(24, null, "eni-1").hashCode()).isEqualTo(HASH_OF_A_NAME);
    }

    @Test
    void addressesAreWrittenAsTheyAre() throws IOException {
        List<IpAddress> all = Arrays.asList(null, ip("10.0.0.1"), ip("255.255.255.255"), ip("2001:db8::7"));
        for (IpAddress address : all) {
            for (IpAddress other : all) {
                DataOutputSerializer out = new DataOutputSerializer(64);
                Subject.of(3, "vpc-1", address, other).writeAddresses(out);
                DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());

                assertThat(Wire.readNullableAddress(in)).isEqualTo(address);
                assertThat(Wire.readNullableAddress(in)).isEqualTo(other);
                assertThat(in.available()).isZero();
            }
        }
    }

    /** A hundred thousand pairs of neighbours: by chance one in forty thousand hashes is taken twice. */
    @Test
    void pairsOfNeighbouringAddressesHaveHashesOfTheirOwn() {
        Set<Integer> hashes = new HashSet<>();
        for (int host = 0; host < 400; host++) {
            for (int peer = 0; peer < 250; peer++) {
                hashes.add(Subject.of(
                                9,
                                "vpc-1",
                                ip("10.0." + host / 250 + "." + host % 250),
                                ip("198.51.100." + peer),
                                443,
                                6)
                        .hashCode());
            }
        }

        assertThat(hashes).hasSizeGreaterThan(99_990);
    }
}
