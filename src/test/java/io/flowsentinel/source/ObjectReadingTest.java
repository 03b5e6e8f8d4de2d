package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.source.discovery.LogObject;
import io.flowsentinel.source.lines.ObjectLines;
import io.flowsentinel.source.lines.ObjectOpener;
import io.flowsentinel.testing.LogTree;
import io.flowsentinel.testing.ParquetObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One object whose storage fails now and then gives its lines once, and at last its end or its fault. */
@Timeout(60)
final class ObjectReadingTest {

    private static final int LINES = 20_000;
    private static final String URI = "file:/object";

    private final List<String> lines = randomLines();
    private ReaderOfFakes reader = new ReaderOfFakes(ReaderOfFakes.reading(1, 3, Duration.ZERO));

    @AfterEach
    void closeReader() throws InterruptedException {
        reader.close();
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "300000, false", "900000, false", "0, true", "10, true", "200000, true"})
    void aReadThatFailsOnceLosesAndDoublesNothing(int failsAfter, boolean zipped) throws IOException {
        byte[] bytes = zipped ? LogTree.gzip(lines.toArray(String[]::new)) : plain();

        read(bytes.length, FakeStorage.failing(bytes, failsAfter), FakeStorage.whole(bytes));

        assertThat(reader.lines).isEqualTo(lines);
        assertThat(reader.endings).containsExactly("object " + LINES + " lines, whole, retries: 1");
        assertThat(reader.outcomes).endsWith(URI + " READ").containsOnlyOnce(URI + " RETRIED");
        assertThat(reader.split(URI).storedBytes()).isEqualTo(bytes.length);
        assertThat(reader.storage.opened(URI)).isEqualTo(2);
    }

    @Test
    void anObjectThatCannotBeOpenedEndsWithAFaultAfterTheLastAttempt() throws IOException {
        read(100, FakeStorage.refused(new IOException("slow down")));

        assertThat(reader.lines).isEmpty();
        assertThat(reader.endings).containsExactly("object 0 lines, slow down, retries: 2");
        assertThat(reader.outcomes).containsExactly(URI + " RETRIED", URI + " RETRIED", URI + " FAILED");
        assertThat(reader.storage.opened(URI)).isEqualTo(3);
    }

    @Test
    void whatAStorageClientThrowsUncheckedIsAFaultToo() throws IOException {
        read(100, object -> {
            throw new IllegalStateException("client closed");
        });

        assertThat(reader.endings).singleElement().asString().contains("IllegalStateException: client closed");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5000, 300_000, 600_000})
    void anObjectThatAlwaysFailsGivesTheLinesOfItsBestAttemptOnce(int lastFailsAfter) throws IOException {
        byte[] bytes = plain();

        read(
                bytes.length,
                FakeStorage.failing(bytes, 300_000),
                FakeStorage.failing(bytes, 600_000),
                FakeStorage.failing(bytes, lastFailsAfter));

        assertThat(reader.lines).hasSizeBetween(LINES / 3, LINES - 1);
        assertThat(lines).startsWith(reader.lines.toArray(String[]::new));
        assertThat(reader.endings).singleElement().asString().endsWith("the connection was reset, retries: 2");
        assertThat(reader.split(URI).storedBytes()).isEqualTo(600_000);
        assertThat(reader.storage.opened(URI)).isEqualTo(3);
    }

    @Test
    void anObjectRestoredInTheMiddleGoesOnBehindTheFaultWhereItWouldHaveGoneOn() throws IOException {
        byte[] bytes = plain();

        readFrom(9000, bytes.length, FakeStorage.failing(bytes, 5000), FakeStorage.whole(bytes));

        assertThat(reader.lines).isEqualTo(lines.subList(9000, LINES));
        assertThat(reader.endings).containsExactly("object " + LINES + " lines, whole, retries: 1");
    }

    @Test
    void anObjectThatCannotBeReadUpToTheRestoredLineEndsWithItsReason() throws IOException {
        byte[] bytes = plain();

        readFrom(9000, bytes.length, FakeStorage.failing(bytes, 5000));

        assertThat(reader.lines).isEmpty();
        assertThat(reader.endings).singleElement().asString().endsWith("the connection was reset, retries: 2");
        assertThat(reader.outcomes).endsWith(URI + " FAILED");
    }

    @Test
    void anObjectThatBecameShorterThanWhatWasReadOfItEndsWithItsReason() throws IOException {
        byte[] bytes = "one\ntwo\n".getBytes(StandardCharsets.UTF_8);

        readFrom(3, bytes.length, FakeStorage.whole(bytes));

        assertThat(reader.lines).isEmpty();
        assertThat(reader.endings)
                .containsExactly("object 2 lines, ends at line 2, but 3 lines of it were read before, retries: 1");
    }

    @Test
    void truncatedPlainTextGivesNoUnfinishedLastLine() throws IOException {
        byte[] bytes = "one\ntwo\nthr".getBytes(StandardCharsets.UTF_8);

        read(bytes.length + 3, FakeStorage.whole(bytes));

        assertThat(reader.lines).containsExactly("one", "two");
        assertThat(reader.endings).containsExactly("object 2 lines, ends after 11 of 14 bytes, retries: 2");
        assertThat(reader.outcomes).endsWith(URI + " FAILED");
    }

    @Test
    void aGzipThatEndsBeforeItsSizeIsAFaultOfTheStorage() throws IOException {
        byte[] gzip = LogTree.gzip("one", "two");
        byte[] half = Arrays.copyOf(gzip, gzip.length / 2);

        read(gzip.length, FakeStorage.whole(half), FakeStorage.whole(half), FakeStorage.whole(gzip));

        assertThat(reader.lines).containsExactly("one", "two");
        assertThat(reader.endings).containsExactly("object 2 lines, whole, retries: 2");
    }

    @Test
    void plainTextOfFullLengthGivesItsLastLineWithoutALineFeed() throws IOException {
        byte[] bytes = "one\ntwo\nthree".getBytes(StandardCharsets.UTF_8);

        read(bytes.length, FakeStorage.whole(bytes));

        assertThat(reader.lines).containsExactly("one", "two", "three");
        assertThat(reader.endings).containsExactly("object 3 lines, whole");
    }

    @Test
    void aCorruptObjectIsFetchedOnceMoreAtOnce() throws IOException {
        openReader(new SourceSettings.Reading(1, 5, Duration.ofHours(1), false));
        byte[] gzip = LogTree.gzip("one", "two");
        gzip[gzip.length - 8] ^= 1;

        read(gzip.length, FakeStorage.whole(gzip));

        assertThat(reader.lines).containsExactly("one", "two");
        assertThat(reader.endings).containsExactly("object 2 lines, corrupt gzip: the checksum differs, retries: 1");
        assertThat(reader.storage.opened(URI)).isEqualTo(2);
    }

    @Test
    void aMissingObjectIsAskedForTwice() throws IOException {
        openReader(ReaderOfFakes.reading(1, 5, Duration.ZERO));

        read(100, FakeStorage.refused(new FileNotFoundException("File not found: object")));

        assertThat(reader.endings).containsExactly("object 0 lines, File not found: object, retries: 1");
        assertThat(reader.storage.opened(URI)).isEqualTo(2);
    }

    @Test
    void anUnreadableObjectFailsTheJobIfThatIsWanted() {
        openReader(new SourceSettings.Reading(1, 3, Duration.ZERO, true));
        byte[] bytes = plain();

        assertThatThrownBy(() -> read(bytes.length, FakeStorage.failing(bytes, 300_000)))
                .isInstanceOf(ObjectsUnavailable.class)
                .hasMessage("file:/object cannot be read, after 3 attempts: the connection was reset");

        assertThat(lines).startsWith(reader.lines.toArray(String[]::new));
        assertThat(reader.endings).isEmpty();
    }

    @Test
    void aParquetObjectGivesItsRowsAsLinesWhateverItIsCalled() throws IOException {
        byte[] bytes = ParquetObject.of("srcaddr dstport bytes", "10.0.0.1 443 7", "10.0.0.2 22 -");

        read(bytes.length, FakeStorage.whole(bytes));

        assertThat(reader.lines).containsExactly("10.0.0.1 443 7", "10.0.0.2 22 -");
        assertThat(reader.outcomes).endsWith(URI + " READ");
    }

    @Test
    void aCorruptParquetObjectEndsWithItsReason() throws IOException {
        byte[] bytes = "PAR1 one\ntwo\nPAR1".getBytes(StandardCharsets.UTF_8);

        read(bytes.length, FakeStorage.whole(bytes));

        assertThat(reader.lines).isEmpty();
        assertThat(reader.endings).singleElement().asString().contains("footer");
        assertThat(reader.outcomes).endsWith(URI + " FAILED");
    }

    @Test
    void anEmptyObjectIsReadWithoutBeingOpened() throws IOException {
        read(0, FakeStorage.refused(new IOException("slow down")));

        assertThat(reader.lines).isEmpty();
        assertThat(reader.endings).containsExactly("object 0 lines, whole");
        assertThat(reader.storage.opened(URI)).isZero();
    }

    @Test
    void aLineLongerThanAllThatIsReadAheadComesThrough() throws IOException {
        String longLine = "x".repeat(ObjectLines.MAX_LINE_BYTES);
        byte[] bytes = ("one\n" + longLine + "\ntwo\n").getBytes(StandardCharsets.UTF_8);

        read(bytes.length, FakeStorage.whole(bytes));

        assertThat(reader.lines).containsExactly("one", longLine, "two");
    }

    @Test
    void anInterruptionIsNoFaultOfTheObject() {
        FakeStorage.Stored blocked = FakeStorage.blocking(plain(), 0);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> read(100, blocked)).hasMessageContaining("interrupted");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(reader.outcomes).isEmpty();
    }

    private void openReader(SourceSettings.Reading settings) {
        reader = new ReaderOfFakes(settings);
    }

    private void read(long size, ObjectOpener... attempts) throws IOException {
        readFrom(0, size, attempts);
    }

    private void readFrom(long line, long size, ObjectOpener... attempts) throws IOException {
        LogObject object = new LogObject(URI, size, "0", 0, "", "", "");
        reader.storage.with(URI, attempts);
        reader.add(new ObjectSplit(object, line, 0, false, Long.MIN_VALUE, false));
        reader.fetchUntilOver(URI);
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
}
