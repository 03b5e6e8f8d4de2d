package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "65535, 65535",
        "007, 7",
        "9223372036854775807, 9223372036854775807",
        "0000000000000000000000000000001, 1",
        "9223372036854775808, -1",
        "99999999999999999999, -1",
        "18446744073709551617, -1",
        "-1, -1",
        "+1, -1",
        "1.5, -1",
        "1e3, -1",
        "0x10, -1",
        "12a, -1",
        "1234567890123456789a, -1",
        "-, -1",
        "'', -1"
    })
    void readsDigitsOnlyAndNothingThatOverflows(String text, long number) {
        Tokens tokens = scan(text);

        assertThat(tokens.number(0)).isEqualTo(number);
    }

    @Test
    void onlyASingleHyphenIsAbsent() {
        Tokens tokens = scan("- -- a  -");

        assertThat(IntStream.range(0, 5).filter(tokens::absent)).containsExactly(0, 4);
    }

    @Test
    void countsMoreFieldsThanItKeeps() {
        Tokens tokens = scan(" ".repeat(5000));

        assertThat(tokens.count()).isEqualTo(5001);
    }

    @Test
    void keepsTheFirstFieldsOfALineWithTooMany() {
        Tokens tokens = scan("ab c ".repeat(Tokens.CAPACITY));

        for (int i = 0; i < Tokens.CAPACITY; i++) {
            assertThat(tokens.text(i)).isEqualTo(i % 2 == 0 ? "ab" : "c");
        }
    }

    static Tokens scan(String line) {
        byte[] bytes = (" x" + line + "y ").getBytes(StandardCharsets.UTF_8);
        Tokens tokens = new Tokens();
        tokens.scan(bytes, 2, bytes.length - 2);
        return tokens;
    }
}
