package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.MemoryInMemory;
import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.judging.Window;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuessingTest {

    private static final String SSH = "held 22";
    private static final long MINUTE = 60;
    private static final long HALF_AN_HOUR = 1_800;
    private static final long HOUR = 3_600;
    private static final long DAY = 86_400;

    private final MemoryInMemory memory = new MemoryInMemory();

    @Test
    void whatHeldIsKnownAsLongAsItsFindingMayBeOpen() {
        Guessing guessing = new Guessing(T0, T0 + 20, T0);

        guessing.write(memory, SSH);

        assertThat(Guessing.read(memory, SSH, judged(T0 + HOUR))).isEqualTo(guessing);
        assertThat(Guessing.read(memory, SSH, judged(T0 + HOUR + MINUTE))).isNull();
        assertThat(Guessing.read(memory, "held 23", judged(T0))).isNull();
    }

    @Test
    void itGoesOnFromWhatHeldBefore() {
        Guessing before = new Guessing(T0, T0 + 90, T0 + 60);
        Guessing now = new Guessing(T0 + 30, T0 + 80, T0 + 120);

        assertThat(now.since(before)).isEqualTo(new Guessing(T0, T0 + 90, T0 + 120));
        assertThat(now.since(null)).isEqualTo(now);
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, true", "1820, true", "1821, false"})
    void aSessionMayComeOfItFromTheLastMatchThatWasMissingToAWindowAfterTheLastOfAll(long start, boolean comes) {
        Guessing guessing = new Guessing(T0, T0 + 20, T0);

        assertThat(guessing.comesBefore(T0 + start, judged(T0))).isEqualTo(comes);
    }

    @Test
    void itIsForgottenADayAfterItLastHeld() {
        new Guessing(T0, T0 + 20, T0).write(memory, SSH);
        new Guessing(T0, T0 + 20, T0 + HOUR).write(memory, "held 3389 allowed");

        assertThat(Guessing.forget(memory, T0 + DAY - 1)).isEqualTo(T0 + DAY);
        assertThat(memory.numbers).hasSize(2);
        assertThat(Guessing.forget(memory, T0 + DAY)).isEqualTo(T0 + HOUR + DAY);
        assertThat(memory.numbers).containsOnlyKeys("held 3389 allowed");
        assertThat(Guessing.forget(memory, T0 + HOUR + DAY)).isEqualTo(Long.MAX_VALUE);
        assertThat(memory.numbers).isEmpty();
    }

    /** Half an hour, as of a pane's end. */
    private static Window judged(long pane) {
        Panes panes = Panes.of(Duration.ofMinutes(1), Duration.ofMinutes(30));
        return new Window(panes.endOf(pane) - HALF_AN_HOUR, pane, panes, new TreeMap<>());
    }
}
