package io.flowsentinel.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldDifferencesTest {

    private static final JsonNode ONE = row("a", "2");
    private static final JsonNode OTHER = row("a", "3");

    private static JsonNode row(String id, String flags) {
        try {
            return new ObjectMapper()
                    .readTree("{\"time\":" + flags + ",\"connection_info\":{\"uid\":\"" + id
                            + "\"},\"unmapped\":{\"flags_orig\":" + flags + "}}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void equalFeedsHaveNoDifferences() {
        assertThat(FieldDifferences.between(List.of(ONE, row("b", "0")), List.of(row("b", "0"), row("a", "2"))))
                .isEmpty();
    }

    @Test
    void aFieldThatDiffersIsNamed() {
        assertThat(FieldDifferences.between(List.of(ONE), List.of(OTHER)))
                .containsExactly("a /unmapped/flags_orig: expected 2, published 3");
    }

    @Test
    void aRowTooManyATooFewAndAnIdUsedTwiceAreDifferences() {
        assertThat(FieldDifferences.between(List.of(ONE), List.of())).hasSize(1);
        assertThat(FieldDifferences.between(List.of(), List.of(ONE))).hasSize(1);
        assertThat(FieldDifferences.between(List.of(ONE), List.of(ONE, ONE))).hasSize(1);
    }
}
