package io.flowsentinel.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The scripts that submit jobs to a cluster, as a user runs them. Each job has topics and transactions of its own, by a
 * name: {@code NAME-alerts} and so on.
 */
public final class ClusterScripts {

    private final ClusterProcesses cluster;
    private final KafkaBroker kafka;
    private final List<String> settings;

    /** @param settings of all jobs, each as {@code key=value} */
    public ClusterScripts(ClusterProcesses cluster, KafkaBroker kafka, String... settings) {
        this.cluster = cluster;
        this.kafka = kafka;
        this.settings = List.of(settings);
    }

    /** The settings of a job, each as {@code key=value}. */
    public List<String> settings(String name) {
        List<String> all = new ArrayList<>(settings);
        all.add("execution.checkpointing.interval=1 s");
        all.add("sink.transactional-id-prefix=" + name);
        all.add("topics.replication=1");
        RunOutput.FEEDS.forEach(feed -> all.add(feed + ".kafka.topic=" + name + "-" + feed));
        return all;
    }

    /** Runs a script of the job jar to its end. */
    public CommandRun run(String script, String name, String input, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                script, "--jar", System.getProperty("job.jar"), "--brokers", kafka.brokers(), "--input", input));
        settings(name).forEach(setting -> command.addAll(List.of("--set", setting)));
        command.addAll(List.of(options));
        return CommandRun.of(command, Map.of("FLINK_HOME", cluster.home().toString()));
    }
}
