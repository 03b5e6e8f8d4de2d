package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailedCheckpointsTest {

    private final FailedCheckpoints checkpoints = new FailedCheckpoints();

    @Test
    void theFirstOfARowIsTold() {
        assertThat(checkpoints.aborted(7)).hasValueSatisfying(line -> assertThat(line)
                .startsWith("Checkpoint 7 was not completed")
                .doesNotContain("\n"));
        assertThat(checkpoints.aborted(8)).isEmpty();
    }

    @Test
    void afterOneThatIsCompletedTheNextIsToldAgain() {
        checkpoints.aborted(7);

        checkpoints.completed();

        assertThat(checkpoints.aborted(9)).isPresent();
    }
}
