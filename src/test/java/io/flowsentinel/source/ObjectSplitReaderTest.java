package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.source.discovery.LogObject;
import io.flowsentinel.source.lines.ObjectOpener;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One reader opens several objects at a time, and none of them holds up the others. */
@Timeout(60)
final class ObjectSplitReaderTest {

    private static final Duration BACK_OFF = Duration.ofSeconds(20);
    private static final int LINES = 20_000;

    private final ReaderOfFakes reader = new ReaderOfFakes(ReaderOfFakes.reading(2, 4, BACK_OFF));

    @AfterEach
    void closeReader() throws InterruptedException {
        reader.close();
    }

    @Test
    void anObjectThatBlocksDoesNotHoldUpTheNext() throws Exception {
        FakeStorage.Stored slow = FakeStorage.blocking(text("slow"), 0);
        addObject("slow", slow);
        addObject("quick", FakeStorage.whole(text("quick")));

        reader.fetchUntilOver("quick");
        assertThat(reader.lines).hasSize(LINES).allMatch(line -> line.startsWith("quick"));
        slow.release();
        reader.fetchUntilOver("slow");

        assertThat(reader.lines).hasSize(2 * LINES).doesNotHaveDuplicates();
    }

    @Test
    void objectsInterleaveBatchByBatch() throws Exception {
        FakeStorage.Stored slow = FakeStorage.blocking(text("slow"), text("slow").length / 2);
        addObject("slow", slow);
        addObject("quick", FakeStorage.whole(text("quick")));

        reader.fetchUntilOver("quick");
        slow.release();
        reader.fetchUntilOver("slow");

        assertThat(reader.lines).filteredOn(line -> line.startsWith("slow")).containsExactlyElementsOf(lines("slow"));
        assertThat(reader.lines).filteredOn(line -> line.startsWith("quick")).containsExactlyElementsOf(lines("quick"));
        assertThat(reader.outcomes.indexOf("quick READ")).isLessThan(reader.outcomes.lastIndexOf("slow MORE_LINES"));
    }

    @Test
    void ofWhatHasArrivedTheObjectHandedOutFirstGoesFirst() throws Exception {
        FakeStorage.Stored first = FakeStorage.blocking(bytes("first\n"), 0);
        FakeStorage.Stored second = FakeStorage.blocking(bytes("second\n"), 0);
        addObject("first", 6, first);
        addObject("second", 7, second);
        reader.fetchNothing();

        second.release();
        second.awaitClosed();
        first.release();
        first.awaitClosed();
        reader.fetchUntilOver("second");

        assertThat(reader.lines).containsExactly("first", "second");
    }

    @Test
    void anObjectRestoredAtItsEndIsNotReadAgainWhateverComesBeforeIt() throws Exception {
        reader.storage.with("begun", FakeStorage.whole(text("begun")));
        reader.storage.with("over", FakeStorage.whole(text("over")));
        ObjectSplit begun = unread("begun");
        ObjectSplit over = unread("over").readOn(LINES, text("over").length, 0).ended();

        reader.addAll(begun, over);
        reader.fetchUntilOver("begun");

        assertThat(reader.storage.opened("over")).isZero();
        assertThat(reader.lines).hasSize(LINES).allMatch(line -> line.startsWith("begun"));
        assertThat(reader.finished).containsExactly("over", "begun");
    }

    @Test
    void noMoreObjectsAreOpenedThanMayBeInFlight() throws Exception {
        FakeStorage.Stored first = FakeStorage.blocking(text("first"), 0);
        FakeStorage.Stored second = FakeStorage.blocking(text("second"), 0);
        addObject("first", first);
        addObject("second", second);
        addObject("third", FakeStorage.whole(text("third")));

        FutureTask<?> fetching = inBackground(() -> {
            reader.fetchUntilOver("third");
            return null;
        });
        first.awaitOpened();
        second.awaitOpened();
        assertThat(reader.storage.opened("third")).isZero();
        first.release();
        fetching.get();

        assertThat(reader.outcomes).contains("first READ", "third READ").doesNotContain("second READ");
    }

    @Test
    void anObjectWaitsLongerBeforeEachAttemptWhileTheOthersGoOn() throws Exception {
        addObject("failing", FakeStorage.refused(new IOException("slow down")));
        addObject("quick", FakeStorage.whole(text("quick")));

        reader.fetchUntilOver("quick");
        awaitAttempt(1);
        afterWaiting(BACK_OFF);
        awaitAttempt(2);
        afterWaiting(Duration.ofSeconds(30));
        awaitAttempt(3);
        afterWaiting(Duration.ofSeconds(30));
        reader.fetchUntilOver("failing");

        assertThat(reader.storage.opened("failing")).isEqualTo(4);
        assertThat(reader.endings).contains("failing 0 lines, slow down, retries: 3");
    }

    @Test
    void metricsTellWhatIsReadFailedRetriedAndInFlight() throws Exception {
        byte[] text = text("quick");
        addObject("missing", FakeStorage.refused(new FileNotFoundException("gone")));
        addObject("quick", FakeStorage.whole(text));

        reader.fetchUntilOver("quick");
        awaitRetries("missing", 1);
        assertThat(reader.metric("objectsInFlight")).isEqualTo(1);
        reader.advance(BACK_OFF);
        reader.fetchUntilOver("missing");

        assertThat(reader.metric("objectsInFlight")).isZero();
        assertThat(reader.metric("objectsRead")).isEqualTo(1);
        assertThat(reader.metric("objectsFailed")).isEqualTo(1);
        assertThat(reader.metric("objectsRetried")).isEqualTo(1);
        assertThat(reader.metric("linesRead")).isEqualTo(LINES);
        assertThat(reader.metric("bytesRead")).isEqualTo(text.length);
    }

    @Test
    void aFetchThatWaitsCanBeWokenUp() throws Exception {
        FakeStorage.Stored blocked = FakeStorage.blocking(text("blocked"), 0);
        addObject("blocked", blocked);
        FutureTask<?> fetching = inBackground(reader::fetch);
        blocked.awaitOpened();

        reader.wakeUp();

        assertThat(fetching.get()).isNull();
    }

    @Test
    void closingReturnsWhileAReadBlocksAndEndsIt() throws Exception {
        FakeStorage.Stored blocked = FakeStorage.blocking(text("blocked"), 0);
        addObject("blocked", blocked);
        FutureTask<?> fetching = inBackground(reader::fetch);
        blocked.awaitOpened();

        reader.pool.stop();
        reader.wakeUp();
        fetching.get();
        reader.close();

        blocked.awaitClosed();
        assertThat(reader.outcomes).isEmpty();
    }

    @Test
    void closingReturnsWhileAnOpenBlocks() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        addObject("blocked", object -> {
            opening.countDown();
            try {
                never.await();
            } catch (InterruptedException stopped) {
                interrupted.countDown();
            }
            throw new IOException("interrupted");
        });
        FutureTask<?> fetching = inBackground(reader::fetch);
        opening.await();

        reader.wakeUp();
        fetching.get();
        reader.close();

        interrupted.await();
        assertThat(reader.outcomes).isEmpty();
    }

    /** The attempt fails, and no time passes. */
    private void awaitAttempt(int number) throws IOException {
        awaitRetries("failing", number);
        assertThat(reader.storage.opened("failing")).isEqualTo(number);
    }

    private void awaitRetries(String name, int number) throws IOException {
        while (reader.outcomes.stream().filter((name + " RETRIED")::equals).count() < number) {
            reader.fetch();
        }
    }

    /** Just before the time has come nothing happens. */
    private void afterWaiting(Duration wait) throws IOException {
        int opened = reader.storage.opened("failing");
        reader.advance(wait.minusNanos(1));
        reader.fetchNothing();
        assertThat(reader.storage.opened("failing")).isEqualTo(opened);
        reader.advance(Duration.ofNanos(1));
    }

    private void addObject(String name, ObjectOpener... attempts) {
        addObject(name, text(name).length, attempts);
    }

    private void addObject(String name, long size, ObjectOpener... attempts) {
        reader.storage.with(name, attempts);
        reader.add(name, size);
    }

    private static ObjectSplit unread(String name) {
        return ObjectSplit.unread(new LogObject(name, text(name).length, "0", 0, "", "", ""), false);
    }

    private static FutureTask<?> inBackground(Callable<?> task) {
        FutureTask<?> running = new FutureTask<>(task);
        Thread thread = new Thread(running, "fetcher");
        thread.setDaemon(true);
        thread.start();
        return running;
    }

    private static List<String> lines(String name) {
        return new String(text(name), StandardCharsets.UTF_8).lines().toList();
    }

    /** Several blocks of text. */
    private static byte[] text(String name) {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < LINES; line++) {
            text.append(name).append(" line ").append(line).append('\n');
        }
        return bytes(text.toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
