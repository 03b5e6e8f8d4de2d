package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;

class TokensPropertiesTest {

    @Property(tries = 1_000)
    void splitsAtEverySingleSpace(
            @ForAll @Chars({' ', '-', '!', '\u00a0', '\u0000'}) @CharRange(from = 'a', to = 'c') String line) {
        Tokens tokens = TokensTest.scan(line);

        assertThat(texts(tokens)).containsExactly(line.split(" ", -1));
    }

    private static List<String> texts(Tokens tokens) {
        return IntStream.range(0, tokens.count()).mapToObj(tokens::text).toList();
    }
}
