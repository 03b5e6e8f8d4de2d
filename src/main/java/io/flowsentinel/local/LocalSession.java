package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.FlowLogJob;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.config.JobConfig.SourceConfig;
import io.flowsentinel.sink.AlertLine;
import io.flowsentinel.sink.Feed;
import io.flowsentinel.sink.KeepAccounts;
import io.flowsentinel.sink.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** One run on one machine, from the start of Flink and Kafka to the summary. */
final class LocalSession {

    /** The log of this run alone; set by the scripts. */
    private static final String LOG_FILE = "flow-sentinel.log";

    private final LocalPlan plan;
    private final Console console;
    private final Manner manner;
    private final FindingCounts counts = new FindingCounts();
    private final FindingCounts suppressed = new FindingCounts();
    private final AlertLine alertLine;
    private final String runId = UUID.randomUUID().toString();
    private final ProgressMetrics metrics = new ProgressMetrics();
    private final Interruption interruption = new Interruption();

    /**
     * A run that is over.
     *
     * @param report its accounts
     * @param slotBefore the slot that its savepoint had reached; empty for a run that began with nothing
     */
    record Done(Report report, Optional<Instant> slotBefore) {}

    LocalSession(LocalPlan plan, Console console, Manner manner) {
        this.plan = plan;
        this.console = console;
        this.manner = manner;
        this.alertLine = new AlertLine(console.terminal());
    }

    /** Returns when the job is done and everything that was started is gone, with the accounts of the run. */
    Done run() throws Exception {
        if (plan.output().isPresent()) {
            plan.output().get().prepare();
        }
        try (ScratchFolder scratch = ScratchFolder.create()) {
            Configuration settings = new Configuration(plan.settings());
            settings.set(
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                    scratch.path().resolve("checkpoints").toUri().toString());
            ProgressMetricsFactory.register(runId, metrics, settings);
            return startAndRun(settings, scratch.path());
        } finally {
            ProgressMetricsFactory.unregister(runId);
            interruption.end();
        }
    }

    /** Kafka starts beside Flink: a person waits. */
    private Done startAndRun(Configuration settings, Path scratch) throws Exception {
        CompletableFuture<EmbeddedKafka> starting = plan.embeddedKafka()
                ? CompletableFuture.supplyAsync(EmbeddedKafka::start)
                : CompletableFuture.completedFuture(null);
        try (LocalFlink flink = LocalFlink.start(settings)) {
            EmbeddedKafka kafka = starting.join();
            JobConfig config = plan.config(kafka == null ? "" : kafka.brokers());
            FlowLogJob.expired(config).ifPresent(line -> console.error("Warning: " + line));
            say("Reading  " + String.join(", ", config.source().roots()));
            say("Flink    " + flink.webPage());
            places(Places.of(config.sinks()));
            if (System.getProperty(LOG_FILE) != null) {
                say("Log      " + System.getProperty(LOG_FILE));
            }
            return run(flink, config, settings, scratch);
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

    private Done run(LocalFlink flink, JobConfig config, Configuration settings, Path scratch) throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(JobConfig.forFlink(settings));
        FlowLogJob.build(env, config, runId);
        StreamGraph stages = env.getStreamGraph();
        stages.setJobName(FlowLogJob.name(config));
        JobGraph graph = stages.getJobGraph();
        long begin = System.nanoTime();
        FirstAlert first = new FirstAlert(begin);
        List<AlertFollower> followers = config.sinks().alerts().equals("kafka") ? followers(config, first) : List.of();
        interruption.watch(flink, graph.getJobID(), scratch);
        try {
            Watch watch = new Watch(
                    console,
                    metrics,
                    manner.quiet(),
                    config.source().continuous() && config.source().to() == null,
                    FlowLogJob.coverage(config));
            JobResult result = watch.await(flink.submit(graph), timeLeft(config.source(), settings), () -> manner.hold()
                    .ifPresent(hold -> hold.look(metrics.closedSlot(), flink, graph.getJobID())));
            Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
            JobExecutionResult success = result.toJobExecutionResult(LocalSession.class.getClassLoader());
            finish(followers);
            Report report = new Report(KeepAccounts.ofRun(success), runId, elapsed);
            conclude(report, first, config);
            return new Done(report, KeepAccounts.slotBefore(success).map(Instant::ofEpochSecond));
        } finally {
            finish(followers);
            console.endProgress();
        }
    }

    private static Optional<TimeLeft> timeLeft(SourceConfig range, Configuration settings) {
        if (range.to() == null) {
            return Optional.empty();
        }
        boolean restored = settings.contains(StateRecoveryOptions.SAVEPOINT_PATH);
        return Optional.of(new TimeLeft(System.nanoTime(), restored ? null : range.from(), range.to()));
    }

    private void conclude(Report report, FirstAlert first, JobConfig config) throws IOException {
        console.endProgress();
        if (plan.output().isPresent()) {
            finish(plan.output().get(), report);
        }
        Summary.of(report, config.source().narrowed(), first.after(), counts, suppressed)
                .forEach(this::say);
        places(Places.afterwards(config.sinks(), plan.embeddedKafka()));
    }

    private List<AlertFollower> followers(JobConfig config, FirstAlert first) {
        List<AlertFollower> followers = new ArrayList<>();
        follower(config, Feed.ALERTS, alert -> {
                    first.seen();
                    counts.add(alert);
                    if (!manner.hushed()) {
                        console.line(alertLine.of(alert));
                    }
                })
                .ifPresent(followers::add);
        follower(config, Feed.SUPPRESSED, suppressed::add).ifPresent(followers::add);
        return followers;
    }

    private Optional<AlertFollower> follower(JobConfig config, Feed feed, Consumer<JsonNode> onMessage) {
        return AlertFollower.start(
                config.sinks().kafka().client(),
                config.sinks().kafka().topics().get(feed.directory()),
                runId,
                onMessage);
    }

    private static void finish(List<AlertFollower> followers) throws InterruptedException {
        for (AlertFollower follower : followers) {
            follower.finish();
        }
    }

    private void finish(OutputFolder output, Report report) throws IOException {
        output.finish(report);
        if (manner.quiet()) {
            return;
        }
        FolderFeeds feeds = new FolderFeeds(output.folder());
        List<JsonNode> alerts = feeds.read(Feed.ALERTS);
        counts.addAll(alerts);
        suppressed.addAll(feeds.read(Feed.SUPPRESSED));
        if (manner.hushed()) {
            return;
        }
        alerts.stream().map(alertLine::of).sorted().forEach(console::line);
    }

    private void places(List<String> lines) {
        if (!manner.passing()) {
            lines.forEach(this::say);
        }
    }

    private void say(String line) {
        if (!manner.quiet()) {
            console.line(line);
        }
    }
}
