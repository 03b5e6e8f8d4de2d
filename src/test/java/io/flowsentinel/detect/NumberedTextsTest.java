package io.flowsentinel.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NumberedTextsTest {

    private static final int DIFFERENT = 2_000;

    private final NumberedTexts texts = new NumberedTexts();

    /** Many more than are found without a search, as one instance and as another, and again after all are forgotten. */
    @Test
    void aTextKeepsItsNumberUntilAllAreForgotten() {
        Random random = new Random(1);
        for (int round = 0; round < 2; round++) {
            Map<String, Integer> expected = new HashMap<>();
            for (int i = 0; i < 20_000; i++) {
                String text = ("text " + random.nextInt(DIFFERENT)).intern();
                String given = random.nextBoolean() ? text : String.copyValueOf(text.toCharArray());

                int number = texts.number(given);

                assertThat(number).isEqualTo(expected.computeIfAbsent(text, unseen -> expected.size() + 1));
                assertThat(texts.text(number)).isEqualTo(text);
            }
            assertThat(texts.size()).isEqualTo(expected.size());
            texts.clear();
        }
    }

    @Test
    void noTextHasTheNumberOfNone() {
        assertThat(texts.number(null)).isEqualTo(NumberedTexts.NULL);
        assertThat(texts.text(NumberedTexts.NULL)).isNull();
    }
}
