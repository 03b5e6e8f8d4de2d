package io.flowsentinel.detect.judging;

import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.settings.Networks;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TiesTest {

    @Test
    void aFindingIsTiedToWhomAllItsConnectionsHaveInCommon() {
        assertThat(tied("198.51.100.7>10.0.1.5", "198.51.100.7>10.0.1.5"))
                .containsExactly("originator 198.51.100.7", "responder vpc-1 10.0.1.5");
        assertThat(tied("198.51.100.7>10.0.1.5", "198.51.100.7>10.0.1.6")).containsExactly("originator 198.51.100.7");
        assertThat(tied("198.51.100.7>10.0.1.5", "198.51.100.8>10.0.1.6")).isEmpty();
    }

    private static List<String> tied(String... pairs) {
        return Ties.common(Stream.of(pairs)
                .map(pair -> pair.split(">"))
                .map(pair -> new ClosedConnection(from(pair[0], pair[1], 22).close(), Networks.byDefault()).sample())
                .map(sample -> new PaneTally(0, new Cell(null, 22, 6, null, Map.of()), Tally.of(sample, false)))
                .toList());
    }
}
