package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.MemoryInMemory;
import org.junit.jupiter.api.Test;

class SeenTest {

    @Test
    void thingsThatHadToMakeRoomAreCountedAndThoseThatAreOldAreNot() {
        MemoryInMemory memory = new MemoryInMemory();
        for (int i = 0; i < Seen.MOST + 5; i++) {
            Seen.note(memory, "thing " + i, T0 + i);
        }
        Seen.note(memory, "old", 0);

        Seen.forgetBefore(memory, T0, T0 + Seen.MOST);

        // All of the pane at the bound go together.
        assertThat(memory.numbers).hasSize(Seen.MOST - 1);
        assertThat(memory.forgotten).isEqualTo(6);
    }
}
