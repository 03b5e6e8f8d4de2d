package io.flowsentinel.detect.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WhomTest {

    private final Whom whom = new Whom();

    /** A hash alone tells nobody apart. */
    @Test
    void whoHasTheSameHashIsSomebodyElse() {
        int one = whom.numberOf("vpc-1", "eni-1", 7);
        int other = whom.numberOf("vpc-1", "eni-2", 7);

        assertThat(other).isNotEqualTo(one);
        assertThat(whom.numberOf(new String("vpc-1"), new String("eni-1"), 7)).isEqualTo(one);
        assertThat(whom.numberOf("vpc-1", "eni-2", 7)).isEqualTo(other);
    }
}
