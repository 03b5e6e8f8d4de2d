package io.flowsentinel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestKeyTest {

    private static final List<String> KEYS =
            List.of("connection.timeout.idle", "connection.timeout.udp", "source.from", "source.to", "source.uri");

    @ParameterizedTest
    @CsvSource({
        "'', '', 0",
        "abc, abc, 0",
        "'', abc, 3",
        "abc, '', 3",
        "kitten, sitting, 3",
        "saturday, sunday, 3",
        "source.uri, sources.uri, 1",
        "form, from, 2"
    })
    void theDistanceIsLevenshteins(String one, String other, int distance) {
        assertThat(NearestKey.distance(one, other)).isEqualTo(distance);
    }

    @ParameterizedTest
    @CsvSource({
        "connection.timeout.idel, connection.timeout.idle",
        "connection.timeouts.idle, connection.timeout.idle",
        "timeout.idle, connection.timeout.idle",
        "Source.Uri, source.uri",
        "source.form, source.from"
    })
    void aSlipFindsTheKeyThatWasMeant(String written, String meant) {
        assertThat(NearestKey.to(written, KEYS)).contains(meant);
    }

    @Test
    void ofTwoThatAreEquallyNearItIsAlwaysTheSame() {
        assertThat(NearestKey.to("ab", List.of("aa", "bb"))).contains("aa");
        assertThat(NearestKey.to("ab", List.of("bb", "aa"))).contains("aa");
    }

    @Test
    void whatIsLikeNoKeyFindsNone() {
        assertThat(NearestKey.to("nope", KEYS)).isEmpty();
        assertThat(NearestKey.to("nope", List.of())).isEmpty();
    }
}
