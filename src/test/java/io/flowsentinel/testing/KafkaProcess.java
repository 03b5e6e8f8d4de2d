package io.flowsentinel.testing;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;

/**
 * A real Kafka broker of one node as a process of its own, that can be killed and started again on its data and at its
 * address. {@link KafkaBroker} is the one for tests that need neither: it is there sooner.
 */
public final class KafkaProcess implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final Duration START_PATIENCE = Duration.ofSeconds(90);

    private final Path folder;
    private final String brokers;
    private Process process;

    private KafkaProcess(Path folder, String brokers) {
        this.folder = folder;
        this.brokers = brokers;
    }

    /**
     * Starts a broker and returns when clients can connect. Topics are not created on first use.
     *
     * @param folder an empty one: gets the broker's settings, data and log
     */
    public static KafkaProcess start(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int[] ports = FreePorts.several(2);
        Path properties = folder.resolve("server.properties");
        Files.write(
                properties,
                List.of(
                        "process.roles=broker,controller",
                        "node.id=1",
                        "listeners=PLAINTEXT://" + HOST + ":" + ports[0] + ",CONTROLLER://" + HOST + ":" + ports[1],
                        "controller.listener.names=CONTROLLER",
                        "controller.quorum.voters=1@" + HOST + ":" + ports[1],
                        "log.dirs=" + folder.resolve("data"),
                        "auto.create.topics.enable=false",
                        "num.partitions=2",
                        "default.replication.factor=1",
                        "offsets.topic.replication.factor=1",
                        "offsets.topic.num.partitions=1",
                        "transaction.state.log.replication.factor=1",
                        "transaction.state.log.min.isr=1",
                        "transaction.state.log.num.partitions=4",
                        "share.coordinator.state.topic.replication.factor=1",
                        "share.coordinator.state.topic.min.isr=1",
                        "group.initial.rebalance.delay.ms=0"));
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        String[] format = {"format", "-t", Uuid.randomUuid().toString(), "-c", properties.toString()};
        if (StorageTool.execute(format, new PrintStream(told, true, StandardCharsets.UTF_8)) != 0) {
            throw new IOException("the broker's folder cannot be prepared: " + told.toString(StandardCharsets.UTF_8));
        }
        KafkaProcess kafka = new KafkaProcess(folder, HOST + ":" + ports[0]);
        kafka.startAgain();
        return kafka;
    }

    /** What clients call {@code bootstrap.servers}: the same after each start. */
    public String brokers() {
        return brokers;
    }

    /** {@code kill -9}. Returns when it is gone; its data stays. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts the broker that was killed and returns when clients can connect. */
    public void startAgain() throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        jars(),
                        "kafka.Kafka",
                        folder.resolve("server.properties").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("kafka.log").toFile()))
                .start();
        // A test that is broken off leaves nothing running.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        awaitAnswer();
    }

    /** What a read_committed reader sees of a topic from its beginning up to its present end. */
    public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        return new CommittedReader(brokers).read(topic);
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.listTopics().names().get(START_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException notThere) {
            kill();
            throw new IOException(
                    "the broker does not start: " + Files.readString(folder.resolve("kafka.log")), notThere);
        }
    }

    private static String jars() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
