package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.IpAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "10.0.0.220, 10.0.0.220",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:db8::7, 2001:db8::7",
        "2001:DB8::ABCD, 2001:db8::abcd",
        "2001:0db8:0000:0000:0000:0000:0000:0007, 2001:db8::7",
        "2001:db8:1234:a100:8d6e:3477:df66:f105, 2001:db8:1234:a100:8d6e:3477:df66:f105",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "::1.2.3.4, ::102:304"
    })
    void readsEveryFormOfAnAddress(String text, String canonical) {
        assertThat(read(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "a",
                ":",
                ":::",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "01.2.3.4",
                "1.2.3.00",
                "1.2.3.4 ",
                "+1.2.3.4",
                "1.2.3.4/8",
                "0x1.2.3.4",
                "1.2.3.1234567890",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1::2::3",
                "12345::",
                "1:",
                ":1",
                "1:2:3:4:5:6:7:",
                ":1:2:3:4:5:6:7",
                "g::",
                "fe80::1%eth0",
                "[::1]",
                "::1/64",
                "::1.2.3",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.04",
                "::\u00e9",
                "2001:db8::7\u0000"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThat(read(text)).isNull();
    }

    static IpAddress read(String text) {
        byte[] line = text.getBytes(StandardCharsets.UTF_8);
        byte[] buffer = (text + "0").getBytes(StandardCharsets.UTF_8);
        long bits = Ipv4Text.read(buffer, 0, line.length);
        if (bits != Ipv4Text.INVALID) {
            return IpAddress.ipv4((int) bits);
        }
        Ipv6Text ipv6 = new Ipv6Text();
        return ipv6.read(buffer, 0, line.length) ? IpAddress.ipv6(ipv6.high(), ipv6.low()) : null;
    }
}
