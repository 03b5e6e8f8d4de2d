package io.flowsentinel.source.lines;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.testing.LogTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LineReaderTest {

    private static final int MAX = 100;

    /** Has to grow for most lines. */
    private static final int BUFFER = 16;

    @Test
    void linesEndWithLineFeedCarriageReturnAndLineFeedOrTheText() {
        assertThat(read(bytes("one\ntwo\r\n\n\r\nla\rst"))).containsExactly("one", "two", "", "", "la\rst");
        assertThat(read(bytes("one\r\r\ntwo\r"))).containsExactly("one\r", "two");
        assertThat(read(bytes("one\n"))).containsExactly("one");
        assertThat(read(bytes("\n"))).containsExactly("");
        assertThat(read(bytes(""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 100_000})
    void linesAreTheSameHoweverTheTextArrives(int chunk) {
        List<String> lines = randomLines();

        List<String> read = read(new Trickle(bytes(String.join("\n", lines) + "\n"), chunk));

        assertThat(read).isEqualTo(lines);
    }

    @Test
    void gzipOfManyMembersIsReadToItsTrueEnd() {
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.writeBytes(LogTree.gzip(bytes("one\ntw")));
        members.writeBytes(LogTree.gzip(bytes("")));
        members.writeBytes(LogTree.gzip(bytes("o\nthree")));

        assertThat(read(new Trickle(members.toByteArray(), 1))).containsExactly("one", "two", "three");
        assertThat(read(new Trickle(members.toByteArray(), 1000))).containsExactly("one", "two", "three");
    }

    @Test
    void zerosAfterGzipArePadding() {
        byte[] gzip = LogTree.gzip("one");

        assertThat(read(Arrays.copyOf(gzip, gzip.length + 512))).containsExactly("one");
    }

    @Test
    void aTruncatedGzipGivesItsWholeLinesAndAFault() {
        byte[] gzip = LogTree.gzip(randomLines().toArray(String[]::new));

        List<String> read = read(Arrays.copyOf(gzip, gzip.length / 2));

        assertThat(read).last().asString().contains("truncated gzip");
        assertThat(randomLines()).startsWith(read.subList(0, read.size() - 1).toArray(String[]::new));
        assertThat(read).hasSizeGreaterThan(100);
    }

    @Test
    void aGzipWithoutItsTrailerIsAFaultAfterAllItsLines() {
        byte[] gzip = LogTree.gzip("one", "two");

        assertThat(read(Arrays.copyOf(gzip, gzip.length - 3)))
                .containsExactly("one", "two", "fault: truncated gzip: it ends in a header or trailer");
    }

    @Test
    void aChecksumThatDiffersIsAFault() {
        byte[] gzip = LogTree.gzip("one", "two");
        gzip[gzip.length - 8] ^= 1;

        assertThat(read(gzip)).containsExactly("one", "two", "fault: corrupt gzip: the checksum differs");
    }

    @Test
    void bytesAfterAMemberThatAreNoMemberAreAFault() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(LogTree.gzip("one"));
        bytes.writeBytes(bytes("garbage"));

        assertThat(read(bytes.toByteArray()))
                .containsExactly("one", "fault: corrupt gzip: what follows a member is no member");
    }

    @Test
    void aHeaderWithAllItsOptionalFieldsIsPassedOver() {
        byte[] plain = LogTree.gzip("one");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 0});
        bytes.writeBytes(new byte[] {2, 0, 'x', 'y', 'n', 0, 'c', 'c', 0, 1, 2});
        bytes.writeBytes(Arrays.copyOfRange(plain, 10, plain.length));

        assertThat(read(bytes.toByteArray())).containsExactly("one");
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX, MAX + 1, MAX + 2, 3 * MAX, 1000 * MAX})
    void ofALongLineOnlyTheFirstBytesAreKept(int length) {
        String line = "x".repeat(length);
        String kept = "x".repeat(MAX) + (length > MAX ? " cut" : "");

        assertThat(read(new Trickle(bytes("before\n" + line + "\nafter\n"), 64)))
                .containsExactly("before", kept, "after");
        assertThat(read(bytes(line + "\r\nafter"))).containsExactly(kept, "after");
        assertThat(read(bytes("before\n" + line))).containsExactly("before", kept);
    }

    @Test
    void lineFeedsAreFoundAtEveryOffset() {
        for (int length = 0; length < 40; length++) {
            for (int feed = 0; feed < length; feed++) {
                byte[] text = new byte[length];
                Arrays.fill(text, (byte) 0x0b);
                text[feed] = '\n';
                for (int from = 0; from <= feed; from++) {
                    assertThat(Newlines.indexOf(text, from, length)).isEqualTo(feed);
                }
                assertThat(Newlines.indexOf(text, feed + 1, length)).isEqualTo(-1);
                assertThat(Newlines.indexOf(text, 0, feed)).isEqualTo(-1);
            }
        }
    }

    private static List<String> randomLines() {
        Random random = new Random(7);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            lines.add(i + " " + Long.toString(random.nextLong(), 36).repeat(random.nextInt(4)));
        }
        return lines;
    }

    private static List<String> read(byte[] stored) {
        return read(new ByteArrayInputStream(stored), stored.length);
    }

    private static List<String> read(Trickle stored) {
        return read(stored, stored.size);
    }

    /** The lines, each with " cut" where it is cut, and a fault as a line of its own. */
    private static List<String> read(InputStream in, long size) {
        List<String> lines = new ArrayList<>();
        StoredBytes stored = new StoredBytes(in, size);
        try (TextBytes text = GzipBytes.isGzip(stored) ? new GzipBytes(stored) : new PlainBytes(stored)) {
            LineReader reader = new LineReader(text, BUFFER, MAX);
            while (reader.advance()) {
                String line =
                        new String(reader.buffer(), reader.from(), reader.to() - reader.from(), StandardCharsets.UTF_8);
                lines.add(reader.overlong() ? line + " cut" : line);
            }
        } catch (IOException fault) {
            lines.add("fault: " + fault.getMessage());
        }
        return lines;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Gives at most so many bytes a read, and never says that any are available. */
    private static final class Trickle extends InputStream {

        private final ByteArrayInputStream bytes;
        private final int chunk;
        private final long size;

        Trickle(byte[] bytes, int chunk) {
            this.size = bytes.length;
            this.bytes = new ByteArrayInputStream(bytes);
            this.chunk = chunk;
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return bytes.read(into, offset, Math.min(length, chunk));
        }
    }
}
