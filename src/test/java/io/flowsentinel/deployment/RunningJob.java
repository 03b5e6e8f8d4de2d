package io.flowsentinel.deployment;

import io.flowsentinel.FlowLogJob;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.sample.GenerateLogs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine;

/** A live job over a small bucket, with Prometheus's reporter as {@code job-config/flink.yaml} has it, on a free port. */
final class RunningJob implements AutoCloseable {

    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{.*})? \\S+$");

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final JobClient job;

    private RunningJob(int port, JobClient job) {
        this.port = port;
        this.job = job;
    }

    /** What the cluster is to be configured with. */
    static Configuration reporter(int port) {
        Configuration reporter = new Configuration();
        JobConfig.load(Path.of("job-config/flink.yaml")).toMap().forEach((key, value) -> {
            if (key.startsWith("metrics.")) {
                reporter.setString(key, value);
            }
        });
        reporter.setString("metrics.reporter.prometheus.port", String.valueOf(port));
        return reporter;
    }

    /** Starts the job on the cluster of this test. */
    static RunningJob start(Path folder, int port) throws Exception {
        Path bucket = folder.resolve("bucket");
        int exitCode = new CommandLine(new GenerateLogs())
                .execute("--output", bucket.toString(), "--hours", "1", "--scale", "0.3");
        if (exitCode != 0) {
            throw new AssertionError("no logs were generated");
        }
        Configuration settings = JobConfig.load(Path.of("job-config/cluster.yaml"));
        settings.setString("source.uri", bucket.toUri().toString());
        settings.setString("alerts.sink", "files");
        settings.setString("connections.sink", "files");
        settings.setString("output.dir", folder.resolve("out").toString());
        settings.setString("execution.checkpointing.interval", "1 s");
        settings.setString("execution.checkpointing.min-pause", "0 s");
        settings.setString(
                "execution.checkpointing.dir", folder.resolve("state").toUri().toString());
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(JobConfig.forFlink(settings));
        JobConfig config = JobConfig.from(settings);
        FlowLogJob.build(env, config, "run");
        return new RunningJob(port, env.executeAsync(FlowLogJob.name(config)));
    }

    /** What Prometheus would read at this moment. */
    String scrape() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** The names of the metrics in what was read. */
    static Set<String> names(String scraped) {
        return SAMPLE.matcher(scraped)
                .results()
                .map(sample -> sample.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public void close() throws Exception {
        job.cancel().get();
    }
}
