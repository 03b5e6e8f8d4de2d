package io.flowsentinel.testing;

import java.nio.file.Path;
import java.util.Map;
import org.apache.curator.test.TestingServer;

/**
 * A real ZooKeeper inside this JVM: what Flink's job managers agree by where they are no pods of Kubernetes. It comes with
 * {@code flink-test-utils}.
 */
public final class ZooKeeper implements AutoCloseable {

    private final TestingServer server;

    private ZooKeeper(TestingServer server) {
        this.server = server;
    }

    public static ZooKeeper start() throws Exception {
        return new ZooKeeper(new TestingServer());
    }

    /**
     * The keys that make job managers of a {@link ClusterProcesses} stand in for each other.
     *
     * @param storage an empty folder that all of them see
     */
    public Map<String, String> highAvailability(Path storage) {
        return Map.of(
                "high-availability.type", "zookeeper",
                "high-availability.zookeeper.quorum", server.getConnectString(),
                "high-availability.storageDir", storage.toUri().toString(),
                // A dead leader is missed in seconds.
                "high-availability.zookeeper.client.session-timeout", "5 s",
                "high-availability.zookeeper.client.connection-timeout", "5 s");
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
