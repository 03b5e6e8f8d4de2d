package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowsentinel.source.discovery.LogObject;
import io.flowsentinel.source.discovery.Slots;
import io.flowsentinel.testing.LogTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that stops in the middle of an object and goes on reads every line once, none behind event time. */
final class RestoreTest {

    private static final Instant START = Instant.parse("2024-05-25T05:00:00Z");

    /** How many objects a reader has in flight. */
    private static final int IN_FLIGHT = 2;

    /** Of how many slots after the oldest open one four readers may begin objects. */
    private static final int SLOTS_AHEAD = 4 * IN_FLIGHT;

    /** Nothing of it is handed out before the first slot is over, which the tests take for granted at their gate. */
    private static final int GATED_SLOT = SLOTS_AHEAD + 1;

    /** Nothing of it is handed out while a job waits at its gate. */
    private static final int UNREAD_SLOT = GATED_SLOT + SLOTS_AHEAD + 1;

    private static final int SLOTS = UNREAD_SLOT + 1;

    private static final int OBJECTS_A_SLOT = 2;
    private static final int LINES_AN_OBJECT = 3000;

    private static final Pattern ACCOUNT = Pattern.compile("(\\S+) (\\d+) lines, (\\d+) bytes");

    /** Of one object. */
    private record Account(long lines, long bytes) {

        private static final Account NONE = new Account(0, 0);

        private Account plus(Account other) {
            return new Account(lines + other.lines, bytes + other.bytes);
        }
    }

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(4)
            .build());

    @TempDir
    Path folder;

    private final List<String> expected = new ArrayList<>();
    private final Map<String, Account> expectedAccounts = new TreeMap<>();
    private int gatedSlot = GATED_SLOT;
    private SourceSettings settings;
    private MiniCluster cluster;

    @BeforeEach
    void writeObjects(@InjectMiniCluster MiniCluster injected) {
        cluster = injected;
        LogTree tree = new LogTree(folder.resolve("logs"));
        for (int slot = 0; slot < SLOTS; slot++) {
            for (int object = 0; object < OBJECTS_A_SLOT; object++) {
                String[] lines = new String[LINES_AN_OBJECT];
                for (int line = 0; line < LINES_AN_OBJECT; line++) {
                    lines[line] = "slot " + slot + " object " + object + " line " + line;
                    expected.add(lines[line]);
                }
                Instant start = START.plusSeconds(slot * Slots.LENGTH);
                tree.object(start, "hash" + object, lines);
                String name = nameOf(slot, object);
                expected.add(name + " " + LINES_AN_OBJECT + " lines, whole");
                expectedAccounts.put(name, new Account(LINES_AN_OBJECT, LogTree.gzip(lines).length));
            }
        }
        settings = SourceSettings.bounded(List.of(tree.uri())).withReading(reading(Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aFailureInTheMiddleOfAnObjectLosesAndDoublesNothing(int parallelism) throws Exception {
        Kept.reset(2 * parallelism, true);

        job(parallelism, null, 20).execute();

        assertThat(Kept.stillToFail()).isFalse();
        assertThat(lostAndDoubled()).isEmpty();
        assertThat(accounts()).isEqualTo(expectedAccounts);
        assertThat(Kept.BEHIND).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2, 4", "4, 2", "1, 3"})
    void aRescaleInTheMiddleOfAnObjectLosesAndDoublesNothing(int before, int after) throws Exception {
        Kept.reset(1, false);
        JobClient first = job(before, null, 0).executeAsync();
        String savepoint = stopWithSavepoint(first);

        Kept.reset(0, false);
        job(after, savepoint, 50).execute();

        assertThat(lostAndDoubled()).isEmpty();
        assertThat(accounts()).isEqualTo(expectedAccounts);
        assertThat(Kept.BEHIND).isEmpty();
    }

    @Test
    void rescalesOneAfterTheOtherInTheMiddleOfObjectsLoseAndDoubleNothing() throws Exception {
        Kept.reset(1, false);
        String atTwo = stopWithSavepoint(job(2, null, 0).executeAsync());

        Kept.reset(1, false);
        gatedSlot = UNREAD_SLOT;
        String atFour = stopWithSavepoint(job(4, atTwo, 0).executeAsync());

        Kept.reset(0, false);
        job(2, atFour, 50).execute();

        assertThat(lostAndDoubled()).isEmpty();
        assertThat(accounts()).isEqualTo(expectedAccounts);
        assertThat(Kept.BEHIND).isEmpty();
    }

    @Test
    void anObjectDeletedBeforeTheRestoreEndsAsFailedAndTheJobFinishes() throws Exception {
        Kept.reset(1, false);
        String savepoint = stopWithSavepoint(job(2, null, 0).executeAsync());
        String deleted = nameOf(GATED_SLOT, 0);
        Files.delete(
                folder.resolve("logs").resolve(LogTree.key(START.plusSeconds(GATED_SLOT * Slots.LENGTH), "hash0")));

        Kept.reset(0, false);
        settings = settings.withReading(reading(Duration.ofMillis(1)));
        job(2, savepoint, 50).execute();

        String line = "slot " + GATED_SLOT + " object 0 ";
        List<String> linesBefore =
                Kept.all().stream().filter(text -> text.startsWith(line)).toList();
        assertThat(linesBefore).doesNotHaveDuplicates();
        assertThat(accounts().getOrDefault(deleted, Account.NONE).lines()).isEqualTo(linesBefore.size());
        assertThat(Kept.all())
                .filteredOn(text -> text.startsWith(deleted) && text.endsWith("retries: 1"))
                .hasSize(1);
        assertThat(lostAndDoubled())
                .allSatisfy((text, balance) -> assertThat(text).matches(line + ".*|" + Pattern.quote(deleted) + ".*"))
                .hasSize(LINES_AN_OBJECT - linesBefore.size() + 2);
    }

    @Test
    void anotherRangeAfterARestoreReadsThatRangeAndNothingElse() throws Exception {
        Kept.reset(1, false);
        String savepoint = stopWithSavepoint(job(2, null, 0).executeAsync());

        Kept.reset(0, false);
        settings = settings.withRange(START.plusSeconds(UNREAD_SLOT * Slots.LENGTH), null);
        Configuration restored = recovery(savepoint);
        restored.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
        job(2, restored, 50, "kept-anew").execute();

        assertThat(Kept.all())
                .filteredOn(text -> text.startsWith("slot"))
                .hasSize(OBJECTS_A_SLOT * LINES_AN_OBJECT)
                .allMatch(text -> text.startsWith("slot " + UNREAD_SLOT));
    }

    @Test
    void aRootThatIsAddedBeginsWhereTheOthersWereAndThoseGoOn() throws Exception {
        Kept.reset(1, false);
        String savepoint = stopWithSavepoint(job(2, null, 0).executeAsync());
        String added = otherRoot();

        Kept.reset(0, false);
        settings = SourceSettings.bounded(List.of(added, settings.roots().get(0)));
        job(2, savepoint, 50).execute();

        assertThat(Kept.all()).contains("unread").doesNotContain("over");
        assertThat(lostAndDoubled().keySet())
                .allMatch(text -> text.equals("unread") || text.endsWith(" 1 lines, whole"));
        assertThat(Kept.BEHIND).isEmpty();
    }

    @Test
    void aSavepointOfAnotherInputIsRefusedAtOnceAndNotTriedAgain() throws Exception {
        Kept.reset(1, false);
        String savepoint = stopWithSavepoint(job(2, null, 0).executeAsync());
        String former = Roots.place(settings.roots().get(0));

        Kept.reset(0, false);
        settings = SourceSettings.bounded(List.of(otherRoot()));
        JobClient job = job(2, savepoint, 50).executeAsync();

        assertThatThrownBy(() -> job.getJobExecutionResult().get(30, TimeUnit.SECONDS))
                .hasStackTraceContaining("The failure is not recoverable")
                .rootCause()
                .hasMessageContaining("source.uri: '" + settings.roots().get(0)
                        + "' has nothing to do with what the savepoint was taken over, " + former)
                .hasMessageContaining("source.allow-other-input=true");
        assertThat(Kept.all()).isEmpty();
    }

    @Test
    void aSavepointThatIsPastTheEndIsRefusedAtOnceAndNotTriedAgain() throws Exception {
        Kept.reset(1, false);
        String savepoint = stopWithSavepoint(job(2, null, 0).executeAsync());

        Kept.reset(0, false);
        Instant end = START.plusSeconds(Slots.LENGTH);
        settings = settings.withRange(null, end);
        JobClient job = job(2, savepoint, 50).executeAsync();

        assertThatThrownBy(() -> job.getJobExecutionResult().get(30, TimeUnit.SECONDS))
                .hasStackTraceContaining("The failure is not recoverable")
                .rootCause()
                .hasMessageContaining("source.to: '" + end + "' is not after the savepoint");
        assertThat(Kept.all()).isEmpty();
    }

    @Test
    void anotherInputThatIsMeantIsReadFromWhereTheSavepointWas() throws Exception {
        Kept.reset(1, false);
        String savepoint = stopWithSavepoint(job(2, null, 0).executeAsync());

        Kept.reset(0, false);
        settings = SourceSettings.bounded(List.of(otherRoot())).withOtherInputAllowed();
        Configuration restored = recovery(savepoint);
        restored.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
        job(2, restored, 50, "kept-anew").execute();

        assertThat(Kept.all())
                .filteredOn(text -> !text.contains(" lines, "))
                .contains("unread")
                .doesNotContain("over")
                .allMatch(text -> text.equals("unread") || text.startsWith("slot "));
    }

    /** An object of a slot that is over when a job is stopped, and one of a slot that is not. */
    private String otherRoot() {
        return new LogTree(folder.resolve("other"))
                .object(START, "hash0", "over")
                .object(START.plusSeconds(UNREAD_SLOT * Slots.LENGTH), "hash0", "unread")
                .uri();
    }

    /** What is not kept exactly once: how often too few, or, below zero, too many. */
    private Map<String, Integer> lostAndDoubled() {
        Map<String, Integer> balance = new TreeMap<>();
        expected.forEach(line -> balance.merge(line, 1, Integer::sum));
        Kept.all().stream()
                .filter(text -> !ACCOUNT.matcher(text).matches())
                .forEach(text -> balance.merge(text, -1, Integer::sum));
        balance.values().removeIf(count -> count == 0);
        return balance;
    }

    /** What the objects' accounts add up to. */
    private static Map<String, Account> accounts() {
        Map<String, Account> accounts = new TreeMap<>();
        for (String text : Kept.all()) {
            Matcher account = ACCOUNT.matcher(text);
            if (account.matches()) {
                accounts.merge(
                        account.group(1),
                        new Account(Long.parseLong(account.group(2)), Long.parseLong(account.group(3))),
                        Account::plus);
            }
        }
        return accounts;
    }

    private static SourceSettings.Reading reading(Duration backOff) {
        return new SourceSettings.Reading(IN_FLIGHT, 5, backOff, false);
    }

    private static String nameOf(int slot, int object) {
        String key = LogTree.key(START.plusSeconds(slot * Slots.LENGTH), "hash" + object);
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private String stopWithSavepoint(JobClient job) throws Exception {
        CommonTestUtils.waitForAllTaskRunning(cluster, job.getJobID(), false);
        assertThat(GatedLines.GATE_REACHED.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        // It is on its way to the readers when the gate is reached.
        long firstSlotOver = START.minus(settings.maxDelay()).toEpochMilli();
        await().atMost(Duration.ofSeconds(60)).until(() -> Kept.eventTimeMillis() >= firstSlotOver);
        String savepoint = job.stopWithSavepoint(
                        false, folder.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
                .get(60, TimeUnit.SECONDS);
        // Its last word on the savepoint must not be taken for one of the next job.
        job.getJobExecutionResult().get(60, TimeUnit.SECONDS);
        return savepoint;
    }

    private StreamExecutionEnvironment job(int parallelism, String savepoint, int checkpointMillis) {
        return job(parallelism, recovery(savepoint), checkpointMillis, "kept");
    }

    private static Configuration recovery(String savepoint) {
        Configuration configuration = new Configuration();
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        return configuration;
    }

    private StreamExecutionEnvironment job(
            int parallelism, Configuration configuration, int checkpointMillis, String keptId) {
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        if (checkpointMillis > 0) {
            env.enableCheckpointing(checkpointMillis);
        }
        GatedLines.GATE_REACHED.drainPermits();
        env.fromSource(
                        new FlowLogSource<>(settings, new GatedLines(gatedSlot)),
                        WatermarkStrategy.noWatermarks(),
                        "read-objects")
                .uid("read-objects")
                .rebalance()
                .transform("kept", Types.STRING, new Kept(settings.maxDelay().toSeconds()))
                .uid(keptId)
                .sinkTo(new DiscardingSink<>())
                .uid("nothing");
        return env;
    }

    /** Stops in the middle of the objects of one slot until the checkpoints the test waits for are complete. */
    private static final class GatedLines implements ObjectFormat<Tuple3<String, Long, String>> {

        private static final long serialVersionUID = 1L;

        static final Semaphore GATE_REACHED = new Semaphore(0);

        private final Lines lines = new Lines();
        private final int slot;

        GatedLines(int slot) {
            this.slot = slot;
        }

        @Override
        public ObjectDecoder<Tuple3<String, Long, String>> open(LogObject object) {
            boolean gated = object.slotSeconds() == START.getEpochSecond() + slot * Slots.LENGTH;
            ObjectDecoder<Tuple3<String, Long, String>> decoder = lines.open(object);
            return gated ? new GatedDecoder(decoder) : decoder;
        }

        @Override
        public Tuple3<String, Long, String> discovered(DiscoveryTotals totals) {
            return lines.discovered(totals);
        }

        @Override
        public TypeInformation<Tuple3<String, Long, String>> producedType() {
            return lines.producedType();
        }
    }

    private record GatedDecoder(ObjectDecoder<Tuple3<String, Long, String>> decoder)
            implements ObjectDecoder<Tuple3<String, Long, String>> {

        @Override
        public void line(byte[] buffer, int from, int to, long lineNumber, Consumer<Tuple3<String, Long, String>> out) {
            if (lineNumber == 2500) {
                GatedLines.GATE_REACHED.release();
                Kept.awaitCheckpoints();
            }
            decoder.line(buffer, from, to, lineNumber, out);
        }

        @Override
        public void columns(List<String> names) {
            decoder.columns(names);
        }

        @Override
        public void account(long storedBytes, Consumer<Tuple3<String, Long, String>> out) {
            decoder.account(storedBytes, out);
        }

        @Override
        public void end(String fault, int retries, Consumer<Tuple3<String, Long, String>> out) {
            decoder.end(fault, retries, out);
        }

        @Override
        public long latestSeconds() {
            return decoder.latestSeconds();
        }
    }
}
