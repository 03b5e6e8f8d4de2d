package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

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

    /** Whatever stands before and behind it, of which several bytes are read at once. */
    @Property(tries = 1_000)
    void readsIpv4InTheMiddleOfOtherText(@ForAll @Size(4) byte[] bytes, @ForAll @Size(64) byte[] around)
            throws UnknownHostException {
        byte[] text = InetAddress.getByAddress(bytes).getHostAddress().getBytes(StandardCharsets.US_ASCII);
        for (int from = 0; from <= around.length - text.length; from++) {
            byte[] buffer = around.clone();
            System.arraycopy(text, 0, buffer, from, text.length);

            assertThat(Ipv4Text.read(buffer, from, from + text.length))
                    .isEqualTo(Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt()));
        }
    }

    /** As a plain reader of four numbers does. */
    @Property(tries = 2_000)
    void refusesWhatIsNoIpv4(@ForAll @CharRange(from = '-', to = ':') @StringLength(max = 16) String text) {
        String octet = "(0|[1-9][0-9]{0,2})";
        boolean quad = text.matches(octet + "(\\." + octet + "){3}")
                && Arrays.stream(text.split("\\.", -1)).allMatch(one -> Integer.parseInt(one) <= 255);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);

        assertThat(Ipv4Text.read(bytes, 0, bytes.length) != Ipv4Text.INVALID).isEqualTo(quad);
    }
}
