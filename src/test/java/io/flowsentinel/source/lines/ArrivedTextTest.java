package io.flowsentinel.source.lines;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArrivedTextTest {

    @ParameterizedTest
    @CsvSource({"1, 16384", "2000, 32000", "8192, 131072", "1000000, 131072", "9223372036854775807, 131072"})
    void blocksAreAsLargeAsTheTextOfASmallObject(long storedSize, int blockBytes) throws InterruptedException {
        assertThat(new ArrivedText(storedSize).room()).hasSize(blockBytes);
    }

    @Test
    void theLineBufferIsAsLargeAsTheTextOfASmallObject() {
        assertThat(lineBuffer(1)).isEqualTo(16 * 1024);
        assertThat(lineBuffer(2000)).isEqualTo(32_000);
        assertThat(lineBuffer(1_000_000)).isEqualTo(TextLines.BUFFER_BYTES);
    }

    @Test
    void textThatIsMoreThanItsBlocksComesInPieces() throws Exception {
        ArrivedText text = new ArrivedText(1);
        TextLines lines = new TextLines(text, 1);
        byte[] first = text.room();
        byte[] second = text.room();
        first[0] = 'a';
        second[0] = '\n';

        text.arrived(first, 1, 1);
        text.arrived(second, 1, 2);
        text.ended(2, null);

        assertThat(lines.ready()).isTrue();
        assertThat(lines.advance()).isTrue();
        assertThat(new String(lines.buffer(), lines.from(), lines.to() - lines.from(), StandardCharsets.UTF_8))
                .isEqualTo("a");
        assertThat(lines.ready()).isTrue();
        assertThat(lines.advance()).isFalse();
    }

    private static int lineBuffer(long storedSize) {
        return new TextLines(new ArrivedText(storedSize), storedSize).buffer().length;
    }
}
