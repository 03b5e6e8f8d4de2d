package io.flowsentinel.detect;

import static io.flowsentinel.detect.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Sighting.PaneTally;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Words that several rules share: lists in texts, and whom a finding about many is about. */
class WordsTest {

    @Test
    void aListNamesTenAndCountsTheRest() {
        assertThat(Wording.listed(numbered(10))).isEqualTo("t0, t1, t2, t3, t4, t5, t6, t7, t8, t9");
        assertThat(Wording.listed(numbered(12))).endsWith("t8, t9 and 2 more");
    }

    @Test
    void aFindingIsTiedToWhomAllItsConnectionsHaveInCommon() {
        assertThat(tied("198.51.100.7>10.0.1.5", "198.51.100.7>10.0.1.5"))
                .containsExactly("originator 198.51.100.7", "responder vpc-1 10.0.1.5");
        assertThat(tied("198.51.100.7>10.0.1.5", "198.51.100.7>10.0.1.6")).containsExactly("originator 198.51.100.7");
        assertThat(tied("198.51.100.7>10.0.1.5", "198.51.100.8>10.0.1.6")).isEmpty();
    }

    @Test
    void aBlockIsCutFromAnAddress() {
        assertThat(Cidr.around(Connections.ip("198.51.100.7"), 16)).hasToString("198.51.0.0/16");
        assertThat(Cidr.around(Connections.ip("2001:db8:1:2::7"), 32)).hasToString("2001:db8::/32");
    }

    private static List<String> numbered(int many) {
        return IntStream.range(0, many).mapToObj(i -> "t" + i).toList();
    }

    private static List<String> tied(String... pairs) {
        return Ties.common(Stream.of(pairs)
                .map(pair -> pair.split(">"))
                .map(pair -> new ClosedConnection(from(pair[0], pair[1], 22).close(), Networks.byDefault()).sample())
                .map(sample -> new PaneTally(0, new Cell(null, 22, 6, null, Map.of()), Tally.of(sample, false)))
                .toList());
    }
}
