package io.flowsentinel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterProcessesIT {

    @TempDir
    private Path folder;

    @Test
    void aKilledTaskManagerIsMissedAndReplaced() throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.start(folder, Map.of(), 2)) {
            cluster.taskManagers().get(0).kill();

            cluster.awaitTaskManagers(1);
            cluster.startTaskManager();

            cluster.awaitTaskManagers(2);
            CommandRun list = cluster.flink("list");
            assertThat(list.text()).contains("No running jobs.");
            assertThat(list.exitCode()).isZero();
        }
    }

    @Test
    void aJobManagerThatStandsByTakesOver() throws Exception {
        try (ZooKeeper zooKeeper = ZooKeeper.start();
                ClusterProcesses cluster = ClusterProcesses.start(
                        folder.resolve("flink"), zooKeeper.highAvailability(folder.resolve("ha")), 1)) {
            FlinkProcess standBy = cluster.startJobManager();
            await().atMost(Duration.ofMinutes(1)).until(() -> standBy.log().contains("Rest endpoint listening"));

            cluster.jobManagers().get(0).kill();

            await().atMost(Duration.ofMinutes(1)).until(() -> standBy.log().contains("was granted leadership"));
            cluster.awaitTaskManagers(1);
        }
    }

    @Test
    void anErrorOfTheCommandLineIsSeen() throws IOException, InterruptedException {
        try (ClusterProcesses cluster = ClusterProcesses.start(folder, Map.of(), 0)) {
            CommandRun run = cluster.flink("run", folder.resolve("no.jar").toString());

            assertThat(run.exitCode()).isNotZero();
            assertThat(run.text()).contains("no.jar");
        }
    }
}
