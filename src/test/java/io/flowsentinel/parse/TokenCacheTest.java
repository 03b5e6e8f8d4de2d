package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenCacheTest {

    private static final FlowLogFormat FORMAT = FlowLogFormat.ofHeader(List.of("region", "vpc-id"));
    private static final ColumnGroup GROUP =
            ColumnGroup.of(0, List.of(FlowLogField.REGION, FlowLogField.VPC_ID), FORMAT);

    private int made;
    private TokenCache<String> cache;

    @BeforeEach
    void startEmpty() {
        cache = new TokenCache<>(4, (tokens, format) -> {
            made++;
            return tokens.text(0).equals("none") ? null : tokens.text(0) + "/" + tokens.text(1);
        });
    }

    @Test
    void makesAValueOnceAndHandsItOutAgain() {
        String first = get("eu vpc-1");

        assertThat(get("eu vpc-1")).isSameAs(first);
        assertThat(made).isEqualTo(1);
    }

    @Test
    void fieldsThatJoinToTheSameBytesAreNotTheSame() {
        assertThat(get("a bc")).isEqualTo("a/bc");
        assertThat(get("ab c")).isEqualTo("ab/c");
    }

    @Test
    void fourOfOnePlaceDoNotPushEachOtherOut() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 4; i++) {
                assertThat(get("r" + i + " v")).isEqualTo("r" + i + "/v");
            }
        }

        assertThat(made).isEqualTo(4);
    }

    @Test
    void aFullTableStillAnswersRight() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 100; i++) {
                assertThat(get("r" + i + " v")).isEqualTo("r" + i + "/v");
            }
        }
    }

    @Test
    void whatCannotBeMadeIsAskedForAgain() {
        assertThat(get("none x")).isNull();
        assertThat(get("none x")).isNull();
        assertThat(made).isEqualTo(2);
    }

    @Test
    void hugeFieldsAreNotKept() {
        String huge = "a".repeat(2000) + " b";

        assertThat(get(huge)).isEqualTo(get(huge));
        assertThat(made).isEqualTo(2);
    }

    private String get(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        Tokens tokens = new Tokens();
        tokens.scan(bytes, 0, bytes.length);
        return cache.get(tokens, FORMAT, GROUP);
    }
}
