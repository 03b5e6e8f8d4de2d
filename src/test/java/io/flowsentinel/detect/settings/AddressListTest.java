package io.flowsentinel.detect.settings;

import static io.flowsentinel.detect.settings.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.detect.settings.AddressLists.Listing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressListTest {

    @TempDir
    Path folder;

    @Test
    void addressesAndBlocksOfBothFamiliesAreRead() throws IOException {
        AddressList list = list(
                """
                # from somewhere
                198.51.100.7
                203.0.113.0/24   # a block

                  2001:db8::/32
                2001:db8:1::5
                """);

        assertThat(list.name()).isEqualTo("blocked.txt");
        assertThat(list.version()).matches("[0-9a-f]{12}");
        assertThat(list.find(ip("198.51.100.7"))).hasToString("198.51.100.7");
        assertThat(list.find(ip("198.51.100.8"))).isNull();
        assertThat(list.find(ip("203.0.113.255"))).hasToString("203.0.113.0/24");
        assertThat(list.find(ip("203.0.114.0"))).isNull();
        assertThat(list.find(ip("2001:db8:ffff::1"))).hasToString("2001:db8::/32");
        assertThat(list.find(ip("2001:db9::"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3",
        "10.1.2.4, 10.1.2.0/24",
        "10.1.3.0, 10.1.0.0/16",
        "10.2.0.0, 10.0.0.0/8",
        "11.0.0.0, 0.0.0.0/0",
        "255.255.255.255, 0.0.0.0/0",
        "2001:db8:1::5, 2001:db8:1::5",
        "2001:db8:1::6, 2001:db8:1::/48",
        "2001:db8:2::, 2001:db8::/32",
        "ffff::, ::/0"
    })
    void theLongestPrefixIsFound(String address, String entry) throws IOException {
        AddressList list = list(
                """
                0.0.0.0/0
                10.0.0.0/8
                10.1.2.3
                10.1.0.0/16
                10.1.2.0/24
                ::/0
                2001:db8::/32
                2001:db8:1::/48
                2001:db8:1::5
                """);

        assertThat(list.find(ip(address))).hasToString(entry);
    }

    @Test
    void rulesAndListsComeBackFromTheBytesTheyAreSentAs() throws IOException {
        Rules rules = Rules.load("rules: {port-scan: {thresholds: {external: 15}}}", "my-rules.yaml")
                .withLists(new AddressLists(List.of(list("198.51.100.7\n203.0.113.0/24\n2001:db8::/32\n"))));

        Rules read = RulesBytes.read(RulesBytes.of(rules));

        assertThat(read.versionWithLists()).isEqualTo(rules.versionWithLists());
        assertThat(read.rule("port-scan")).isEqualTo(rules.rule("port-scan"));
        for (String address : List.of("198.51.100.7", "198.51.100.8", "203.0.113.9", "2001:db8::1", "2001:db9::1")) {
            assertThat(read.lists().find(ip(address))).isEqualTo(rules.lists().find(ip(address)));
        }
        for (Rules bare : List.of(Rules.defaults(), Rules.load("", "empty.yaml"))) {
            assertThat(RulesBytes.read(RulesBytes.of(bare)).versionWithLists()).isEqualTo(bare.versionWithLists());
        }
    }

    @Test
    void itFindsWhatASearchThroughAllBlocksFinds() {
        Random random = new Random(5);
        PrefixSet set = new PrefixSet();
        List<Cidr> blocks = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Cidr block = i % 2 == 0
                    ? Cidr.around(ip("10.0.0." + random.nextInt(256)), random.nextInt(33))
                    : Cidr.around(ip("2001:db8::" + Integer.toHexString(random.nextInt(1 << 16))), random.nextInt(129));
            blocks.add(block);
            set.add(block);
        }
        set.trim();

        for (int i = 0; i < 256; i++) {
            for (var address : List.of(ip("10.0.0." + i), ip("10.0." + i + ".1"), ip("2001:db8::" + i))) {
                Cidr longest = blocks.stream()
                        .filter(block -> block.contains(address))
                        .max(java.util.Comparator.comparingInt(Cidr::prefix))
                        .orElse(null);
                assertThat(set.find(address)).isEqualTo(longest);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "198.51.100.300",
                "198.51.100.1/24",
                "198.51.100.0/33",
                "198.51.100.1 198.51.100.2",
                "198.51.100.1,bad",
                "2001:db8::1/32",
                "198.51.100.1-198.51.100.9"
            })
    void aLineThatIsNeitherNamesFileLineAndValue(String line) {
        assertThatThrownBy(() -> list("198.51.100.1\n# fine\n" + line + " # why\n"))
                .isInstanceOf(InvalidRules.class)
                .hasMessage(folder.resolve("blocked.txt") + " line 3: '" + line
                        + "'; allowed is an address or a CIDR without address bits behind the prefix, such as"
                        + " 198.51.100.0/24");
    }

    @Test
    void ofALongLineTheBeginningIsShown() {
        assertThatThrownBy(() -> list("x".repeat(100_000)))
                .hasMessageContaining("'" + "x".repeat(80) + "...'")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void theVersionIsThatOfTheContent() throws IOException {
        String one = list("198.51.100.1\n").version();

        assertThat(list("198.51.100.1\n").version()).isEqualTo(one);
        assertThat(list("198.51.100.2\n").version()).isNotEqualTo(one);
    }

    @Test
    void aFileThatIsNotThereIsTheCallersToExplain() {
        assertThatThrownBy(() -> AddressList.read(folder.resolve("none.txt"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void listsTravelWithTheRules() throws Exception {
        AddressList list = list("198.51.100.0/24\n2001:db8::/64\n2001:db8::5\n");
        Rules rules =
                Rules.load("rules: {port-scan: {mode: off}}", "a.yaml").withLists(new AddressLists(List.of(list)));

        Rules arrived = InstantiationUtil.clone(rules);

        assertThat(arrived.version()).isEqualTo(rules.version());
        assertThat(arrived.rule("port-scan").on()).isFalse();
        assertThat(arrived.lists().find(ip("198.51.100.9")))
                .containsExactly(new Listing("blocked.txt", list.version(), "198.51.100.0/24"));
        assertThat(arrived.lists().find(ip("2001:db8::5")))
                .containsExactly(new Listing("blocked.txt", list.version(), "2001:db8::5"));
        assertThat(arrived.lists().find(ip("198.51.101.9"))).isEmpty();
    }

    private AddressList list(String text) throws IOException {
        Path file = folder.resolve("blocked.txt");
        Files.writeString(file, text);
        return AddressList.read(file);
    }
}
