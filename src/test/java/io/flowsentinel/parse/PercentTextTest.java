package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentTextTest {

    @ParameterizedTest
    @CsvSource({
        "web, web",
        "my%2Dapp, my-app",
        "a%20b%3Ac%2Fd%3De, a b:c/d=e",
        "%c3%A4, \u00e4",
        "%2d, -",
        "100%, 100%",
        "%2, %2",
        "%zz, %zz",
        "%%2D, %-"
    })
    void decodesTagValues(String encoded, String decoded) {
        assertThat(PercentText.decode(encoded)).isEqualTo(decoded);
    }
}
