package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.source.discovery.Slots;
import io.flowsentinel.testing.LogTree;
import io.flowsentinel.testing.S3Server;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The source over Flink's S3 file system and a real S3 API server. */
final class S3SourceIT {

    private static final Instant START = Instant.parse("2024-05-25T05:00:00Z");
    private static final String PREFIX = "deep/prefix/";

    @TempDir
    static Path folder;

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static S3Server server;

    @BeforeAll
    static void startServer() throws Exception {
        server = S3Server.start(folder);
        server.createBucket("logs");
        server.createBucket("empty");
        for (int slot = 0; slot < 4; slot++) {
            String[] lines = new String[2000];
            for (int line = 0; line < lines.length; line++) {
                lines[line] = "slot " + slot + " line " + line;
            }
            server.put("logs", PREFIX + LogTree.key(slotAt(slot), "hash"), LogTree.gzip(lines));
        }
        server.put("logs", PREFIX + LogTree.key(slotAt(1), "empty"), new byte[0]);
        server.put("logs", PREFIX + "AWSLogs/notes.txt", "a stray".getBytes(StandardCharsets.UTF_8));
        server.put("logs", "single.log", "one\ntwo\n".getBytes(StandardCharsets.UTF_8));
        server.put("logs", "nothing.log", new byte[0]);
        Configuration s3 = new Configuration();
        s3.setString("s3.endpoint", server.endpoint());
        s3.setString("s3.path-style-access", "true");
        s3.setString("s3.access-key", "any");
        s3.setString("s3.secret-key", "any");
        s3.setString("s3.region", "us-east-1");
        FileSystem.initialize(s3, null);
    }

    @AfterAll
    static void stopServer() {
        FileSystem.initialize(new Configuration(), null);
        server.close();
    }

    @Test
    void aWholeBucketIsReadAndItsStraysAreCounted() throws Exception {
        List<Tuple3<String, Long, String>> read = read("s3://logs");

        assertThat(texts(read, "line")).hasSize(8000).doesNotHaveDuplicates();
        assertThat(texts(read, "end")).hasSize(5).allMatch(text -> text.endsWith("whole"));
        assertThat(texts(read, "found")).containsOnly("5 objects, 3 strays");
    }

    @Test
    void aPrefixAtAnyDepthIsRead() throws Exception {
        assertThat(texts(read("s3://logs/" + PREFIX), "line")).hasSize(8000);
        assertThat(texts(
                        read("s3://logs/" + PREFIX + "AWSLogs/" + LogTree.ACCOUNT + "/vpcflowlogs/eu-west-1/2024/05"),
                        "line"))
                .hasSize(8000);
    }

    @Test
    void aSingleObjectIsRead() throws Exception {
        assertThat(texts(read("s3://logs/single.log"), "line")).containsExactly("one", "two");
    }

    @Test
    void aSingleZeroByteObjectIsReadAndHasNoLines() throws Exception {
        List<Tuple3<String, Long, String>> read = read("s3://logs/nothing.log");

        assertThat(texts(read, "end")).containsExactly("nothing.log 0 lines, whole");
        assertThat(texts(read, "found")).containsOnly("1 objects, 0 strays");
    }

    @Test
    void anEmptyBucketGivesNothing() throws Exception {
        assertThat(texts(read("s3://empty/"), "found")).containsOnly("0 objects, 0 strays");
    }

    @Test
    void aMissingPrefixOrBucketFailsTheJobByName() {
        assertThatThrownBy(() -> execute("s3://logs/missing")).hasStackTraceContaining("s3://logs/missing");
        assertThatThrownBy(() -> execute("s3://no-such-bucket")).hasStackTraceContaining("s3://no-such-bucket");
    }

    @Test
    void moreObjectsThanOnePageOfAListingAreAllFound() throws Exception {
        server.createBucket("many");
        for (int object = 0; object < 1100; object++) {
            server.put("many", LogTree.key(slotAt(0), "hash" + object), LogTree.gzip("line " + object));
        }

        List<Tuple3<String, Long, String>> read = read("s3://many");

        assertThat(texts(read, "line")).hasSize(1100).doesNotHaveDuplicates();
    }

    /** What is read; where that fails, the reason stands in the message, which is all that a summary of tests shows. */
    private static List<Tuple3<String, Long, String>> read(String root) throws Exception {
        try {
            return readAll(root);
        } catch (RuntimeException failed) {
            String reason = ExceptionUtils.stringifyException(failed);
            throw new AssertionError(reason + "\n" + server.endpoint() + ":\n" + server.log(), failed);
        }
    }

    private static List<Tuple3<String, Long, String>> readAll(String root) throws Exception {
        List<Tuple3<String, Long, String>> read = new ArrayList<>();
        objects(root).executeAndCollect().forEachRemaining(read::add);
        return read;
    }

    /** Collects nothing: a sink that collects and is not open yet when its job fails ends the task manager (FLINK-39330). */
    private static void execute(String root) throws Exception {
        DataStream<Tuple3<String, Long, String>> objects = objects(root);
        objects.sinkTo(new DiscardingSink<>());
        objects.getExecutionEnvironment().execute();
    }

    private static DataStream<Tuple3<String, Long, String>> objects(String root) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(2);
        return env.fromSource(
                new FlowLogSource<>(SourceSettings.bounded(List.of(root)), new Lines()),
                WatermarkStrategy.noWatermarks(),
                "read-objects");
    }

    private static List<String> texts(List<Tuple3<String, Long, String>> read, String kind) {
        return read.stream()
                .filter(element -> element.f0.equals(kind))
                .map(element -> element.f2)
                .toList();
    }

    private static Instant slotAt(int number) {
        return START.plusSeconds(number * Slots.LENGTH);
    }
}
