package io.flowsentinel.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpFlagsTest {

    @ParameterizedTest
    @CsvSource({
        "-1, 0",
        "0, 0",
        "1, 1",
        "2, 2",
        "3, 3",
        "4, 4",
        "5, 5",
        "6, 6",
        "7, 7",
        "8, 0",
        "16, 0",
        "17, 1",
        "18, 18",
        "19, 19",
        "20, 4",
        "22, 22",
        "23, 23",
        "24, 0",
        "32, 0",
        "66, 2",
        "82, 18",
        "194, 2",
        "255, 23",
        "256, 0",
        "2147483647, 23"
    })
    void onlyFinSynRstAndAnAckBesideSynHaveAMeaning(int logged, int masked) {
        assertThat(TcpFlags.mask(logged)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, false, false",
        "0, false, false",
        "1, false, false",
        "2, true, false",
        "3, true, false",
        "6, true, false",
        "7, true, false",
        "66, true, false",
        "16, false, false",
        "17, false, false",
        "18, false, true",
        "19, false, true",
        "23, false, true",
        "82, false, true"
    })
    void aSynOpensAndASynAckAnswersWhateverElseIsSet(int logged, boolean opens, boolean answers) {
        assertThat(TcpFlags.opens(logged)).isEqualTo(opens);
        assertThat(TcpFlags.answers(logged)).isEqualTo(answers);
    }
}
