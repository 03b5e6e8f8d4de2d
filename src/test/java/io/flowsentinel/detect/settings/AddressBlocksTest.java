package io.flowsentinel.detect.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlocksTest {

    /** Blocks of all lengths, and addresses at their edges and anywhere. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void anAddressIsInThemIfItIsInOne(int seed) {
        Random random = new Random(seed);
        List<Cidr> cidrs = new ArrayList<>();
        List<IpAddress> addresses = new ArrayList<>();
        for (int i = 0; i < seed; i++) {
            IpAddress four = IpAddress.ipv4(random.nextInt());
            IpAddress six = IpAddress.ipv6(random.nextLong(), random.nextLong());
            Cidr ofFour = Cidr.around(four, random.nextInt(33));
            Cidr ofSix = Cidr.around(six, random.nextInt(129));
            cidrs.addAll(List.of(ofFour, ofSix));
            addresses.addAll(List.of(four, six, ofFour.network(), ofSix.network()));
            addresses.add(IpAddress.ipv4((int) ofFour.network().low() - 1));
        }
        for (int i = 0; i < 10_000; i++) {
            addresses.add(IpAddress.ipv4(random.nextInt()));
        }
        AddressBlocks blocks = new AddressBlocks(cidrs);

        assertThat(addresses).allSatisfy(address -> assertThat(blocks.contains(address))
                .isEqualTo(cidrs.stream().anyMatch(cidr -> cidr.contains(address))));
    }

    @Test
    void nothingIsInNone() {
        assertThat(new AddressBlocks(List.of()).contains(IpAddress.ipv4(0))).isFalse();
        assertThat(new AddressBlocks(List.of()).contains(IpAddress.ipv6(0, 0))).isFalse();
    }

    @Test
    void everythingIsInTheBlockOfAll() {
        AddressBlocks all = new AddressBlocks(List.of(Cidr.parse("0.0.0.0/0")));
        assertThat(all.contains(IpAddress.ipv4(-1))).isTrue();
        assertThat(all.contains(IpAddress.ipv6(0, 0))).isFalse();
    }
}
