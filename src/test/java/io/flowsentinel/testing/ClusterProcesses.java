package io.flowsentinel.testing;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Flink session cluster as it runs for real: each job manager and task manager is a JVM of its own with Flink's classes
 * only, all on this machine, so that one of them can be killed. The job comes by {@code flink run}, from its jar.
 *
 * <pre>
 * try (ClusterProcesses cluster = ClusterProcesses.start(folder, Map.of("taskmanager.numberOfTaskSlots", "2"), 2)) {
 *     cluster.flink("run", "--detached", jar, "--set", "source.uri=...");
 *     cluster.taskManagers().get(0).kill();
 *     cluster.startTaskManager();
 * }
 * </pre>
 *
 * <p>For high availability pass the keys of {@link ZooKeeper#highAvailability}; then {@link #startJobManager} starts one
 * more that stands by, or takes the place of one that was killed. Without them a job manager that comes back knows of no
 * job. Nobody restarts a process that ends: that is what a test is there to do.
 */
public final class ClusterProcesses implements AutoCloseable {

    private static final String HOST = "localhost";
    private static final Duration START_PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a task manager wants to be told by whoever starts its main class; some 600 MB, small jobs do with it. */
    private static final Map<String, String> TASK_MANAGER_RESOURCES = Map.ofEntries(
            entry("taskmanager.cpu.cores", "2.0"),
            entry("taskmanager.memory.task.heap.size", "268435456b"),
            entry("taskmanager.memory.task.off-heap.size", "0b"),
            entry("taskmanager.memory.framework.heap.size", "134217728b"),
            entry("taskmanager.memory.framework.off-heap.size", "134217728b"),
            entry("taskmanager.memory.managed.size", "134217728b"),
            entry("taskmanager.memory.network.min", "67108864b"),
            entry("taskmanager.memory.network.max", "67108864b"),
            entry("taskmanager.memory.jvm-metaspace.size", "268435456b"),
            entry("taskmanager.memory.jvm-overhead.min", "134217728b"),
            entry("taskmanager.memory.jvm-overhead.max", "134217728b"));

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final FlinkHome home;
    private final Map<String, String> settings;
    private final Map<String, String> environment;
    /** Each with the address of its REST interface. */
    private final Map<FlinkProcess, URI> jobManagers = new LinkedHashMap<>();

    private final List<FlinkProcess> taskManagers = new ArrayList<>();

    private ClusterProcesses(FlinkHome home, Map<String, String> settings, Map<String, String> environment) {
        this.home = home;
        this.settings = settings;
        this.environment = environment;
    }

    /**
     * Starts one job manager and some task managers, and returns when all slots are there.
     *
     * @param folder an empty one: gets {@code conf}, {@code log}, {@code bin/flink} and the like
     * @param settings any keys of Flink's {@code config.yaml}; these win over what is set here
     */
    public static ClusterProcesses start(Path folder, Map<String, String> settings, int taskManagers)
            throws IOException, InterruptedException {
        return start(folder, settings, Map.of(), taskManagers);
    }

    /**
     * As {@link #start(Path, Map, int)}.
     *
     * @param environment variables of all its processes beside those of this one, or instead of them
     */
    public static ClusterProcesses start(
            Path folder, Map<String, String> settings, Map<String, String> environment, int taskManagers)
            throws IOException, InterruptedException {
        int[] ports = FreePorts.several(2);
        Map<String, String> all = new TreeMap<>();
        all.put("jobmanager.rpc.address", HOST);
        all.put("jobmanager.rpc.port", String.valueOf(ports[0]));
        all.put("jobmanager.bind-host", HOST);
        all.put("taskmanager.host", HOST);
        all.put("taskmanager.bind-host", HOST);
        all.put("rest.address", HOST);
        all.put("rest.bind-address", HOST);
        all.put("rest.port", String.valueOf(ports[1]));
        all.put("taskmanager.numberOfTaskSlots", "1");
        // Losses are noticed in seconds, not in a minute.
        all.put("heartbeat.interval", "1 s");
        all.put("heartbeat.timeout", "5 s");
        all.put("io.tmp.dirs", folder.resolve("tmp").toString());
        all.putAll(settings);
        ClusterProcesses cluster = new ClusterProcesses(FlinkHome.create(folder, all), all, environment);
        try {
            cluster.startJobManager();
            for (int started = 0; started < taskManagers; started++) {
                cluster.startTaskManager();
            }
            cluster.awaitTaskManagers(taskManagers);
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    /**
     * Starts a job manager at the usual ports, or at others while the usual ones are taken: with high availability it
     * stands by there.
     */
    public FlinkProcess startJobManager() throws IOException {
        Map<String, String> own = new TreeMap<>();
        String restPort = settings.get("rest.port");
        if (jobManagers().stream().anyMatch(FlinkProcess::isAlive)) {
            int[] ports = FreePorts.several(2);
            restPort = String.valueOf(ports[0]);
            own.put("rest.port", restPort);
            own.put("jobmanager.rpc.port", String.valueOf(ports[1]));
        }
        FlinkProcess started = start(
                "jobmanager-" + (jobManagers.size() + 1),
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                own);
        jobManagers.put(started, URI.create("http://" + HOST + ":" + restPort));
        return started;
    }

    /** Starts a task manager, beside others or in the place of one that is gone. */
    public FlinkProcess startTaskManager() throws IOException {
        Map<String, String> own = new TreeMap<>(TASK_MANAGER_RESOURCES);
        own.keySet().removeAll(settings.keySet());
        FlinkProcess started = start(
                "taskmanager-" + (taskManagers.size() + 1),
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                own);
        taskManagers.add(started);
        return started;
    }

    /** In the order they were started, those that are gone as well. */
    public List<FlinkProcess> jobManagers() {
        return List.copyOf(jobManagers.keySet());
    }

    /** In the order they were started, those that are gone as well. */
    public List<FlinkProcess> taskManagers() {
        return Collections.unmodifiableList(taskManagers);
    }

    /** What scripts call {@code FLINK_HOME}. */
    public Path home() {
        return home.root();
    }

    /** Runs {@code bin/flink} and waits for its end. */
    public CommandRun flink(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(home().resolve("bin/flink").toString());
        command.addAll(List.of(arguments));
        return CommandRun.of(command, environment);
    }

    /** Of the first job manager that is alive; one that stands by passes requests on to the leader. */
    public URI restAddress() {
        return jobManagers.entrySet().stream()
                .filter(one -> one.getKey().isAlive())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no job manager is alive: " + logs()))
                .getValue();
    }

    /**
     * Reads a page of the REST interface, such as {@code /jobs/overview}.
     *
     * @throws IOException where nobody answers, or not with 200
     */
    public JsonNode rest(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(restAddress().resolve(path))
                .timeout(Duration.ofSeconds(10))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("GET " + path + ": " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }

    /** RUNNING, FINISHED, FAILED, ... as Flink calls them. */
    public String jobState(String jobId) throws IOException, InterruptedException {
        return rest("/jobs/" + jobId).get("state").asText();
    }

    /** How many checkpoints a job has completed since it was submitted, or since its job manager was lost. */
    public int completedCheckpoints(String jobId) throws IOException, InterruptedException {
        return rest("/jobs/" + jobId + "/checkpoints").at("/counts/completed").asInt();
    }

    /** Returns when as many task managers are registered as are said. */
    public void awaitTaskManagers(int expected) throws InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (registeredTaskManagers() != expected) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no " + expected + " task managers after " + START_PATIENCE + ": " + logs());
            }
            Thread.sleep(POLL.toMillis());
        }
    }

    /** The logs of all processes one after the other, for the message of a failed assertion. */
    public String logs() {
        StringBuilder all = new StringBuilder();
        for (List<FlinkProcess> processes : List.of(jobManagers(), taskManagers)) {
            processes.forEach(
                    one -> all.append("\n== ").append(one.name()).append('\n').append(one.log()));
        }
        return all.toString();
    }

    /** Kills all processes: whoever wants their state stops the job with a savepoint before. */
    @Override
    public void close() throws InterruptedException {
        for (FlinkProcess process : taskManagers) {
            process.kill();
        }
        for (FlinkProcess process : jobManagers()) {
            process.kill();
        }
    }

    /** -1 while nobody answers. */
    private int registeredTaskManagers() throws InterruptedException {
        try {
            return rest("/taskmanagers").get("taskmanagers").size();
        } catch (IOException notYet) {
            return -1;
        }
    }

    private FlinkProcess start(String name, String mainClass, Map<String, String> own) throws IOException {
        List<String> command = new ArrayList<>(home.java("log4j2.properties", mainClass, List.of("-Xmx512m")));
        command.addAll(List.of("--configDir", home.root().resolve("conf").toString()));
        own.forEach((key, value) -> command.addAll(List.of("-D", key + "=" + value)));
        Map<String, String> variables = new TreeMap<>(home.environment());
        variables.putAll(environment);
        return FlinkProcess.start(name, command, variables, home.log(name));
    }
}
