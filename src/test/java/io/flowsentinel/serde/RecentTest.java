package io.flowsentinel.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.IpAddress;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RecentTest {

    /** Far more than there are places, so most displace others. */
    @Test
    void anAddressIsTheOneAskedFor() {
        for (int bits = -200_000; bits < 200_000; bits++) {
            assertThat(Recent.ipv4(bits)).isEqualTo(IpAddress.ipv4(bits));
        }
        assertThat(Recent.ipv4(7)).isSameAs(Recent.ipv4(7));
    }

    @Property
    void aTextIsTheOneThatWasWritten(@ForAll @StringLength(max = 40) String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] longer = new byte[utf8.length + 9];
        System.arraycopy(utf8, 0, longer, 0, utf8.length);

        String decoded = new String(utf8, StandardCharsets.UTF_8);
        assertThat(Recent.text(longer, utf8.length)).isEqualTo(decoded);
        assertThat(Recent.text(utf8, utf8.length)).isEqualTo(decoded);
    }

    @Property
    void textsOfOnePlaceAreNotTakenForEachOther(@ForAll @IntRange(max = 1_000_000) int from) {
        for (int i = from; i < from + 100; i++) {
            byte[] utf8 = ("object-" + i + ".log.gz").getBytes(StandardCharsets.UTF_8);
            assertThat(Recent.text(utf8, utf8.length)).isEqualTo("object-" + i + ".log.gz");
        }
    }
}
