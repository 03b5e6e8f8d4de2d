package io.flowsentinel.source;

import static io.flowsentinel.testing.S3Request.get;
import static io.flowsentinel.testing.S3Request.head;
import static io.flowsentinel.testing.S3Request.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.source.discovery.DiscoverySettings;
import io.flowsentinel.source.discovery.Slots;
import io.flowsentinel.testing.LogTree;
import io.flowsentinel.testing.S3FaultRule;
import io.flowsentinel.testing.S3Faults;
import io.flowsentinel.testing.S3Request;
import io.flowsentinel.testing.S3Request.Kind;
import io.flowsentinel.testing.S3Server;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bad days of S3: what passes loses and doubles no line, what stays costs no more than the object it stays with.
 *
 * <p>The S3 client is told not to try again by itself, so that every fault arrives at the source.
 */
final class FaultyS3IT {

    private static final Instant START = Instant.parse("2024-05-25T05:00:00Z");
    private static final int OBJECTS = 40;
    private static final int OBJECTS_A_SLOT = 2;
    private static final int LINES_AN_OBJECT = 2000;

    /** Random, so that an object is about this large when it is gzipped, and some lines come before a cut. */
    private static final int BYTES_A_LINE = 40;

    private static final int IN_AN_OBJECT = LINES_AN_OBJECT * BYTES_A_LINE * 3 / 4;
    private static final int IN_A_LISTING = 300;
    private static final int ATTEMPTS = 5;
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(3);

    private enum Fault {
        INTERNAL_ERROR,
        SLOW_DOWN,
        RESET_BEFORE_THE_RESPONSE,
        RESET_IN_THE_BODY,
        TRUNCATED_BODY;

        /** @param middle after how many bytes a body is cut */
        S3FaultRule befalls(S3FaultRule requests, int middle) {
            return switch (this) {
                case INTERNAL_ERROR -> requests.internalError();
                case SLOW_DOWN -> requests.slowDown();
                case RESET_BEFORE_THE_RESPONSE -> requests.resetBeforeResponse();
                case RESET_IN_THE_BODY -> requests.resetAfter(middle);
                case TRUNCATED_BODY -> requests.truncateBodyAfter(middle);
            };
        }
    }

    @TempDir
    static Path folder;

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final List<String> KEYS = new ArrayList<>();
    private static final List<String> LINES = new ArrayList<>();

    private static S3Server server;
    private static S3Faults faults;

    @BeforeAll
    static void publishObjects() throws Exception {
        server = S3Server.start(folder);
        faults = S3Faults.before(server);
        server.createBucket("logs");
        Random random = new Random(1);
        for (int object = 0; object < OBJECTS; object++) {
            String[] lines = new String[LINES_AN_OBJECT];
            for (int line = 0; line < LINES_AN_OBJECT; line++) {
                byte[] filling = new byte[BYTES_A_LINE];
                random.nextBytes(filling);
                lines[line] = "object " + object + " line " + line + " "
                        + HexFormat.of().formatHex(filling);
            }
            String key = LogTree.key(START.plusSeconds(object / OBJECTS_A_SLOT * Slots.LENGTH), "hash" + object);
            server.put("logs", key, LogTree.gzip(lines));
            KEYS.add(key);
            LINES.addAll(List.of(lines));
        }
        Configuration s3 = new Configuration();
        s3.setString("s3.endpoint", faults.endpoint());
        s3.setString("s3.path-style-access", "true");
        s3.setString("s3.access-key", "any");
        s3.setString("s3.secret-key", "any");
        s3.setString("s3.region", "us-east-1");
        s3.setString("s3.retry.max-num-retries", "0");
        s3.setString("s3.socket.timeout", SOCKET_TIMEOUT.toMillis() + " ms");
        FileSystem.initialize(s3, null);
    }

    @AfterAll
    static void stopServer() throws Exception {
        FileSystem.initialize(new Configuration(), null);
        faults.close();
        server.close();
    }

    @BeforeEach
    void goodDay() {
        faults.reset();
    }

    @Test
    void onAGoodDayEveryObjectIsGotOnce() throws Exception {
        read();

        assertEverythingIsReadOnce();
        assertThat(KEYS).allMatch(key -> faults.gets(key) == 1);
        assertThat(faults.count(Kind.GET)).isEqualTo(OBJECTS);
        assertThat(faults.count(Kind.HEAD)).isLessThanOrEqualTo(OBJECTS);
    }

    @ParameterizedTest
    @EnumSource
    void everyObjectIsReadThoughItsFirstGetsFail(Fault fault) throws Exception {
        S3FaultRule failed = fault.befalls(faults.on(get("")).timesEach(2), IN_AN_OBJECT);

        read();

        assertEverythingIsReadOnce();
        assertThat(failed.happened()).isEqualTo(2 * OBJECTS);
    }

    @ParameterizedTest
    @EnumSource(names = {"SLOW_DOWN", "RESET_BEFORE_THE_RESPONSE"})
    void everyObjectIsReadThoughItsFirstHeadsFail(Fault fault) throws Exception {
        S3FaultRule failed = fault.befalls(faults.on(head("")).timesEach(2), 0);

        read();

        assertEverythingIsReadOnce();
        assertThat(failed.happened()).isEqualTo(2 * OBJECTS);
    }

    @ParameterizedTest
    @EnumSource
    void allObjectsAreFoundThoughListingsFail(Fault fault) throws Exception {
        S3FaultRule failed = fault.befalls(faults.on(list("")).times(2), IN_A_LISTING);

        read();

        assertEverythingIsReadOnce();
        assertThat(failed.happened()).isEqualTo(2);
    }

    @Test
    void allObjectsAreFoundThoughTheListingOfTheirFolderFails() throws Exception {
        S3FaultRule failed = faults.on(list("/2024/05/25/")).times(2).slowDown();

        read();

        assertEverythingIsReadOnce();
        assertThat(failed.happened()).isEqualTo(2);
    }

    @Test
    void anObjectThatStallsIsReadAnew() throws Exception {
        S3FaultRule stalled = faults.on(get("hash7.")).once().stallAfter(IN_AN_OBJECT);

        read();

        assertEverythingIsReadOnce();
        assertThat(stalled.happened()).isEqualTo(1);
        assertThat(faults.count(Kind.GET)).isEqualTo(OBJECTS + 1);
    }

    @Test
    void aSlowObjectIsReadInOneGo() throws Exception {
        faults.on(get("hash7.")).once().delay(SOCKET_TIMEOUT.dividedBy(2));

        read();

        assertEverythingIsReadOnce();
        assertThat(faults.count(Kind.GET)).isEqualTo(OBJECTS);
    }

    @ParameterizedTest
    @EnumSource(names = {"INTERNAL_ERROR", "TRUNCATED_BODY"})
    void anObjectThatAlwaysFailsEndsWithItsReasonAndAllOthersAreRead(Fault fault) throws Exception {
        Predicate<S3Request> hopeless = get("hash7.");
        fault.befalls(faults.on(hopeless).always(), IN_AN_OBJECT);

        read();

        assertThat(ends()).hasSize(OBJECTS);
        assertThat(ends())
                .filteredOn(end -> end.contains("_hash7.log.gz"))
                .hasSize(1)
                .allMatch(end -> end.matches(".* \\d+ lines, .+") && !end.contains("whole"));
        assertThat(ends()).filteredOn(FaultyS3IT::isWhole).hasSize(OBJECTS - 1);
        assertThat(lostAndDoubled()).allSatisfy((line, times) -> {
            assertThat(line).startsWith("object 7 ");
            assertThat(times).isEqualTo(-1);
        });
        assertThat(faults.count(hopeless)).as("tried again, but not for ever").isBetween(2L, 2L * ATTEMPTS);
    }

    @Test
    void anObjectThatIsRefusedWhileOthersAreReadEndsWithItsReason() throws Exception {
        Predicate<S3Request> forbidden = get("hash7.");
        faults.on(forbidden).always().accessDenied();

        read();

        assertThat(ends()).filteredOn(FaultyS3IT::isWhole).hasSize(OBJECTS - 1);
        assertThat(ends())
                .filteredOn(end -> end.contains("_hash7.log.gz"))
                .singleElement()
                .asString()
                .contains("0 lines, Access Denied");
    }

    @Test
    void aBucketThatCannotBeListedForLongFailsTheJobByName() {
        faults.on(list("")).always().slowDown();

        assertThatThrownBy(() -> read(Duration.ofMillis(300)))
                .hasStackTraceContaining("s3://logs")
                .hasStackTraceContaining("503");
    }

    private static void assertEverythingIsReadOnce() {
        assertThat(ends()).hasSize(OBJECTS).allMatch(FaultyS3IT::isWhole);
        assertThat(lostAndDoubled()).isEmpty();
        assertThat(Kept.BEHIND).isEmpty();
    }

    private static void read() throws Exception {
        read(Duration.ofSeconds(20));
    }

    private static void read(Duration patience) throws Exception {
        Kept.reset(0, false);
        SourceSettings settings = SourceSettings.bounded(List.of("s3://logs"))
                .withDiscovery(new DiscoverySettings(
                        Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofDays(2), patience))
                .withReading(new SourceSettings.Reading(4, ATTEMPTS, Duration.ofMillis(20), false));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(2);
        env.fromSource(new FlowLogSource<>(settings, new Lines()), WatermarkStrategy.noWatermarks(), "read-objects")
                .transform("kept", Types.STRING, new Kept(settings.maxDelay().toSeconds()))
                .sinkTo(new DiscardingSink<>());
        env.execute();
    }

    /** What was kept about the end of each object. */
    private static List<String> ends() {
        return Kept.all().stream()
                .filter(text -> !text.startsWith("object") && !text.endsWith(" bytes"))
                .toList();
    }

    private static boolean isWhole(String end) {
        return end.contains(" " + LINES_AN_OBJECT + " lines, whole");
    }

    /** How often lines were kept too often, or, below zero, too seldom. */
    private static Map<String, Integer> lostAndDoubled() {
        Map<String, Integer> balance = new HashMap<>();
        Kept.all().stream()
                .filter(text -> text.startsWith("object"))
                .forEach(line -> balance.merge(line, 1, Integer::sum));
        LINES.forEach(line -> balance.merge(line, -1, Integer::sum));
        balance.values().removeIf(count -> count == 0);
        return balance;
    }
}
