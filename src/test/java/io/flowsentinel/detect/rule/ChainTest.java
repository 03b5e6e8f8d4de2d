package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.MemoryInMemory;
import io.flowsentinel.detect.rule.Chain.Piece;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChainTest {

    private static final long DAY = 86_400;

    private final MemoryInMemory memory = new MemoryInMemory();

    @Test
    void aChainIsFoundAsItWasKept() {
        Chain allowed = new Chain(14_400, T0, true, true, false);
        Chain translated = new Chain(43_200, T0 + 60, false, false, true);

        allowed.write(memory, "b");
        translated.write(memory, "a");

        assertThat(Chain.read(memory, "b")).isEqualTo(allowed);
        assertThat(Chain.read(memory, "c")).isNull();
        assertThat(Chain.all(memory)).containsExactly(Map.entry("a", translated), Map.entry("b", allowed));
        assertThat(Chain.count(memory)).isEqualTo(2);
    }

    @Test
    void oneThatIsNotKnownToBeOverIsForgottenAMonthLater() {
        new Chain(14_400, T0, true, false, false).write(memory, "over");
        new Chain(14_400, T0, false, false, false).write(memory, "open");

        assertThat(Chain.forgetBefore(memory, T0)).isTrue();
        assertThat(Chain.all(memory)).containsOnlyKeys("over", "open");
        assertThat(Chain.forgetBefore(memory, T0 + 1)).isTrue();
        assertThat(Chain.all(memory)).containsOnlyKeys("open");
        assertThat(Chain.forgetBefore(memory, T0 + 30 * DAY)).isTrue();
        assertThat(Chain.forgetBefore(memory, T0 + 30 * DAY + 1)).isFalse();
        assertThat(memory.numbers).isEmpty();
    }

    @Test
    void aPieceIsOfItsOwnChainUnlessItGoesOn() {
        assertThat(Piece.of(cell("first"))).isEqualTo(new Piece("first", "first"));
        assertThat(Piece.of(cell("third first"))).isEqualTo(new Piece("third", "first"));
    }

    private static Cell cell(String side) {
        return new Cell(null, 0, 0, side, Map.of());
    }
}
