package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.java.tuple.Tuple3;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One object whose storage fails now and then gives its lines once, and at last its end or its fault. */
final class ObjectReadingTest {

    private static final int LINES = 20_000;
    private static final int NEVER = Integer.MAX_VALUE;

    private final List<String> lines = randomLines();
    private final List<String> read = new ArrayList<>();
    private final List<String> endings = new ArrayList<>();
    private int opened;
    private boolean failed;

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "300000, false", "900000, false", "0, true", "10, true", "200000, true"})
    void aReadThatFailsOnceLosesAndDoublesNothing(int failsAfter, boolean zipped) throws IOException {
        byte[] bytes = zipped ? LogTree.gzip(lines.toArray(String[]::new)) : plain();

        readAll(bytes.length, 0, failing(bytes, failsAfter, NEVER));

        assertThat(read).isEqualTo(lines);
        assertThat(endings).containsExactly("object " + LINES + " lines, whole");
        assertThat(failed).isFalse();
        assertThat(opened).isEqualTo(2);
    }

    @Test
    void anObjectThatCannotBeOpenedEndsWithAFaultAfterThreeAttempts() throws IOException {
        readAll(100, 0, failing(plain(), 0));

        assertThat(read).isEmpty();
        assertThat(endings).containsExactly("object 0 lines, the connection was reset");
        assertThat(failed).isTrue();
        assertThat(opened).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5000, 300_000, 600_000})
    void anObjectThatAlwaysFailsGivesTheLinesOfItsBestAttemptOnce(int lastFailsAfter) throws IOException {
        byte[] bytes = plain();

        readAll(bytes.length, 0, failing(bytes, 300_000, 600_000, lastFailsAfter));

        assertThat(read).hasSizeBetween(LINES / 3, LINES - 1);
        assertThat(lines).startsWith(read.toArray(String[]::new));
        assertThat(endings).containsExactly("object " + read.size() + " lines, the connection was reset");
        assertThat(failed).isTrue();
        assertThat(opened).isEqualTo(3);
    }

    @Test
    void anObjectRestoredInTheMiddleGoesOnBehindTheFaultWhereItWouldHaveGoneOn() throws IOException {
        byte[] bytes = plain();

        readAll(bytes.length, 9000, failing(bytes, 5000, NEVER));

        assertThat(read).isEqualTo(lines.subList(9000, LINES));
        assertThat(endings).containsExactly("object " + LINES + " lines, whole");
    }

    @Test
    void anObjectThatIsShorterThanWhatWasReadOfItIsNotTheSame() {
        byte[] bytes = "one\ntwo\n".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> readAll(bytes.length, 3, failing(bytes, NEVER)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ends at line 2, but 3 lines");
    }

    @Test
    void truncatedPlainTextGivesNoUnfinishedLastLine() throws IOException {
        byte[] bytes = "one\ntwo\nthr".getBytes(StandardCharsets.UTF_8);

        readAll(bytes.length + 3, 0, failing(bytes, NEVER));

        assertThat(read).containsExactly("one", "two");
        assertThat(endings).containsExactly("object 2 lines, ends after 11 of 14 bytes");
        assertThat(failed).isTrue();
    }

    @Test
    void plainTextOfFullLengthGivesItsLastLineWithoutALineFeed() throws IOException {
        byte[] bytes = "one\ntwo\nthree".getBytes(StandardCharsets.UTF_8);

        readAll(bytes.length, 0, failing(bytes, NEVER));

        assertThat(read).containsExactly("one", "two", "three");
        assertThat(endings).containsExactly("object 3 lines, whole");
    }

    @Test
    void parquetIsAFaultAndGivesNoLines() throws IOException {
        byte[] bytes = "PAR1 one\ntwo\nPAR1".getBytes(StandardCharsets.UTF_8);

        readAll(bytes.length, 0, failing(bytes, NEVER));

        assertThat(read).isEmpty();
        assertThat(endings).singleElement().asString().contains("is Parquet");
        assertThat(failed).isTrue();
    }

    @Test
    void anEmptyObjectIsReadWithoutBeingOpened() throws IOException {
        readAll(0, 0, failing(plain(), 0));

        assertThat(read).isEmpty();
        assertThat(endings).containsExactly("object 0 lines, whole");
        assertThat(opened).isZero();
    }

    @Test
    void anInterruptedReadIsNoFaultOfTheObject() {
        ObjectReading.Opener interrupted = object -> {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        };

        assertThatThrownBy(() -> readAll(100, 0, interrupted)).hasMessage("interrupted");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(endings).isEmpty();
    }

    /** Reads as a reader does, and checks that every batch tells how many lines it brings and where it ends. */
    private void readAll(long size, long restoredAt, ObjectReading.Opener opener) throws IOException {
        LogObject object = new LogObject("file:/object", size, "0", 0, "", "", "");
        ObjectSplit split = new ObjectSplit(object, restoredAt, false, Long.MIN_VALUE, false);
        long position = restoredAt;
        try (ObjectReading<Tuple3<String, Long, String>> reading = new ObjectReading<>(split, new Lines(), opener)) {
            LineBatch<Tuple3<String, Long, String>> batch;
            do {
                batch = reading.next();
                int before = read.size();
                batch.elements().forEach(this::keep);
                position += read.size() - before;
                assertThat(batch.newLines()).isEqualTo(read.size() - before);
                assertThat(batch.lines()).isEqualTo(position);
            } while (batch.ending() == null);
            failed = batch.ending().failed();
        }
    }

    private void keep(Tuple3<String, Long, String> element) {
        (element.f0.equals("end") ? endings : read).add(element.f2);
    }

    /** The bytes, with a fault after so many of them each time they are opened; the last number holds on. */
    private ObjectReading.Opener failing(byte[] bytes, int... after) {
        return object -> {
            int limit = after[Math.min(opened, after.length - 1)];
            opened++;
            return new FailingStream(new ByteArrayInputStream(bytes), limit);
        };
    }

    private byte[] plain() {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> randomLines() {
        Random random = new Random(11);
        String[] made = new String[LINES];
        Arrays.setAll(
                made, line -> line + " " + Long.toString(random.nextLong(), 36).repeat(3));
        return List.of(made);
    }

    private static final class FailingStream extends FilterInputStream {

        private int left;

        FailingStream(InputStream in, int failsAfter) {
            super(in);
            left = failsAfter;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                throw new IOException("the connection\n was reset");
            }
            int count = super.read(into, offset, Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }
    }
}
