package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

class TokensPropertiesTest {

    @Property(tries = 1_000)
    void splitsAtEverySingleSpace(
            @ForAll @Chars({' ', '-', '!', '\u00a0', '\u0000'}) @CharRange(from = 'a', to = 'c') String line) {
        Tokens tokens = TokensTest.scan(line);

        assertThat(texts(tokens)).containsExactly(line.split(" ", -1));
    }

    @Property(tries = 2_000)
    void readsNumbersAsDigitByDigit(
            @ForAll @StringLength(max = 12) @CharRange(from = '0', to = '9') String before,
            @ForAll @StringLength(max = 21) @CharRange(from = '0', to = '9') String digits) {
        Tokens tokens = TokensTest.scan(before + " " + digits + " 1");

        assertThat(tokens.number(1)).isEqualTo(number(digits));
    }

    @Property(tries = 2_000)
    void whatIsNotAllDigitsIsNoNumber(
            @ForAll @StringLength(max = 12) @CharRange(from = '0', to = '9') String before,
            @ForAll @StringLength(max = 10) @CharRange(from = '0', to = '9') String head,
            @ForAll @StringLength(1) @Chars({'/', ':', '-', '.', '\u0000', '\u00b0', '\u00ff'}) String wrong,
            @ForAll @StringLength(max = 10) @CharRange(from = '0', to = '9') String tail) {
        Tokens tokens = TokensTest.scan(before + " " + head + wrong + tail);

        assertThat(tokens.number(1)).isEqualTo(Tokens.NOT_A_NUMBER);
    }

    private static long number(String digits) {
        if (digits.isEmpty()) {
            return Tokens.NOT_A_NUMBER;
        }
        BigInteger value = new BigInteger(digits);
        return value.bitLength() < Long.SIZE ? value.longValue() : Tokens.NOT_A_NUMBER;
    }

    private static List<String> texts(Tokens tokens) {
        return IntStream.range(0, tokens.count()).mapToObj(tokens::text).toList();
    }
}
