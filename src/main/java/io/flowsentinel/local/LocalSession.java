package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.FlowLogJob;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.sink.AlertLine;
import io.flowsentinel.sink.Feed;
import io.flowsentinel.sink.KeepAccounts;
import io.flowsentinel.sink.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** One run on one machine, from the start of Flink and Kafka to the summary. */
final class LocalSession {

    private static final String JOB_NAME = "flow-sentinel";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalPlan plan;
    private final Console console;
    private final boolean quiet;
    private final AlertLine alertLine;
    private final String runId = UUID.randomUUID().toString();
    private final ProgressMetrics metrics = new ProgressMetrics();
    private final Interruption interruption = new Interruption();

    LocalSession(LocalPlan plan, Console console, boolean quiet) {
        this.plan = plan;
        this.console = console;
        this.quiet = quiet;
        this.alertLine = new AlertLine(console.terminal());
    }

    /** Returns when the job is done and everything that was started is gone. */
    void run() throws Exception {
        if (plan.output().isPresent()) {
            plan.output().get().prepare();
        }
        try (ScratchFolder scratch = ScratchFolder.create()) {
            Configuration settings = new Configuration(plan.settings());
            settings.set(
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                    scratch.path().resolve("checkpoints").toUri().toString());
            ProgressMetricsFactory.register(runId, metrics, settings);
            startAndRun(settings, scratch.path());
        } finally {
            ProgressMetricsFactory.unregister(runId);
            interruption.end();
        }
    }

    /** Kafka starts beside Flink: a person waits. */
    private void startAndRun(Configuration settings, Path scratch) throws Exception {
        CompletableFuture<EmbeddedKafka> starting = plan.embeddedKafka()
                ? CompletableFuture.supplyAsync(EmbeddedKafka::start)
                : CompletableFuture.completedFuture(null);
        try (LocalFlink flink = LocalFlink.start(settings)) {
            EmbeddedKafka kafka = starting.join();
            JobConfig config = plan.config(kafka == null ? "" : kafka.brokers());
            say("Reading  " + String.join(", ", config.source().roots()));
            say("Flink    " + flink.webPage());
            Places.of(config.sinks()).forEach(this::say);
            run(flink, config, settings, scratch);
        } finally {
            close(starting);
        }
    }

    private static void close(CompletableFuture<EmbeddedKafka> started) {
        EmbeddedKafka kafka = started.isCompletedExceptionally() ? null : started.join();
        if (kafka != null) {
            kafka.close();
        }
    }

    private void run(LocalFlink flink, JobConfig config, Configuration settings, Path scratch) throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(JobConfig.forFlink(settings));
        FlowLogJob.build(env, config, runId);
        StreamGraph stages = env.getStreamGraph();
        stages.setJobName(JOB_NAME);
        JobGraph graph = stages.getJobGraph();
        long begin = System.nanoTime();
        FirstAlert first = new FirstAlert(begin);
        Optional<AlertFollower> follower =
                config.sinks().alerts().equals("kafka") ? follower(config, first) : Optional.empty();
        interruption.watch(flink, graph.getJobID(), scratch);
        try {
            JobResult result = new Watch(
                            console, metrics, quiet, config.source().continuous(), FlowLogJob.coverage(config))
                    .await(flink.submit(graph));
            Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
            JobExecutionResult success = result.toJobExecutionResult(LocalSession.class.getClassLoader());
            finish(follower);
            conclude(new Report(KeepAccounts.of(success), runId, elapsed), first, config);
        } finally {
            finish(follower);
            console.endProgress();
        }
    }

    private void conclude(Report report, FirstAlert first, JobConfig config) throws IOException {
        console.endProgress();
        if (plan.output().isPresent()) {
            finish(plan.output().get(), report);
        }
        Summary.of(report, first.after()).forEach(this::say);
        Places.afterwards(config.sinks(), plan.embeddedKafka()).forEach(this::say);
    }

    private Optional<AlertFollower> follower(JobConfig config, FirstAlert first) {
        return AlertFollower.start(
                config.sinks().kafka().client(),
                config.sinks().kafka().topics().get(Feed.ALERTS.directory()),
                runId,
                alert -> {
                    first.seen();
                    console.line(alertLine.of(alert));
                });
    }

    private static void finish(Optional<AlertFollower> follower) throws InterruptedException {
        if (follower.isPresent()) {
            follower.get().finish();
        }
    }

    private void finish(OutputFolder output, Report report) throws IOException {
        output.finish(report);
        if (quiet) {
            return;
        }
        List<JsonNode> alerts = new ArrayList<>();
        for (String line : output.lines(Feed.ALERTS)) {
            alerts.add(JSON.readTree(line));
        }
        alerts.sort(Comparator.comparing((JsonNode alert) -> alertLine.of(alert)));
        alerts.forEach(alert -> console.line(alertLine.of(alert)));
    }

    private void say(String line) {
        if (!quiet) {
            console.line(line);
        }
    }
}
