package io.flowsentinel.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * A Kafka broker of one node inside this JVM, for a local run and for tests: started on free ports with an empty log
 * directory of its own, gone without a trace when closed. Topics are not created on first use, as on most clusters.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final int NODE = 1;

    /** What the server side logs under. The clients keep their level: their warnings are about the job. */
    private static final List<String> SERVER_LOGGERS = List.of(
            "kafka",
            "state.change.logger",
            "org.apache.kafka.common.network",
            "org.apache.kafka.common.utils.AppInfoParser",
            "org.apache.kafka.controller",
            "org.apache.kafka.coordinator",
            "org.apache.kafka.image",
            "org.apache.kafka.metadata",
            "org.apache.kafka.network",
            "org.apache.kafka.queue",
            "org.apache.kafka.raft",
            "org.apache.kafka.server",
            "org.apache.kafka.snapshot",
            "org.apache.kafka.storage");

    private final KafkaRaftServer server;
    private final Path directory;
    private final String brokers;

    private EmbeddedKafka(KafkaRaftServer server, Path directory, String brokers) {
        this.server = server;
        this.directory = directory;
        this.brokers = brokers;
    }

    /** Starts a broker and returns when clients can connect. */
    public static EmbeddedKafka start() {
        return start(Map.of());
    }

    /**
     * Starts a broker and returns when clients can connect.
     *
     * @param overrides broker properties beside or instead of the ones set here
     */
    public static EmbeddedKafka start(Map<String, String> overrides) {
        SERVER_LOGGERS.forEach(logger -> Configurator.setLevel(logger, Level.ERROR));
        try {
            Path directory = Files.createTempDirectory("flow-sentinel-kafka");
            int[] ports = freePorts();
            Map<String, String> properties = properties(directory, ports[0], ports[1]);
            properties.putAll(overrides);
            format(directory);
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
            server.startup();
            return new EmbeddedKafka(server, directory, HOST + ":" + ports[0]);
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded Kafka broker could not be started", e);
        }
    }

    /** What clients call {@code bootstrap.servers}. */
    public String brokers() {
        return brokers;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException("the broker's files could not be deleted", e);
        }
    }

    private static Map<String, String> properties(Path directory, int brokerPort, int controllerPort) {
        Map<String, String> properties = new HashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", String.valueOf(NODE));
        properties.put(
                "listeners", "PLAINTEXT://" + HOST + ":" + brokerPort + ",CONTROLLER://" + HOST + ":" + controllerPort);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("controller.quorum.voters", NODE + "@" + HOST + ":" + controllerPort);
        properties.put("log.dirs", directory.toString());
        properties.put("auto.create.topics.enable", "false");
        // One node holds every replica, and few partitions of the broker's own topics are created quickly.
        properties.put("default.replication.factor", "1");
        properties.put("num.partitions", "1");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("transaction.state.log.num.partitions", "4");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        // Waits that pay off in a cluster of many and only delay one.
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("controller.quorum.election.timeout.ms", "100");
        properties.put("controller.quorum.fetch.timeout.ms", "2000");
        properties.put("initial.broker.registration.timeout.ms", "30000");
        properties.put("log.segment.bytes", String.valueOf(64 << 20));
        return properties;
    }

    private static void format(Path directory) throws IOException {
        try (PrintStream quiet = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(quiet)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE)
                    .setDirectories(List.of(directory.toString()))
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the broker's directory " + directory + " could not be formatted", e);
        }
    }

    /** Two ports, asked for together so that they differ. */
    private static int[] freePorts() throws IOException {
        InetAddress host = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (ServerSocket one = new ServerSocket(0, 1, host);
                ServerSocket other = new ServerSocket(0, 1, host)) {
            return new int[] {one.getLocalPort(), other.getLocalPort()};
        }
    }
}
