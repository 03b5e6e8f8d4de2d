package io.flowsentinel.local;

import io.flowsentinel.FlowLogJob;
import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.config.JobConfig.KafkaConfig;
import io.flowsentinel.config.JobConfig.SourceConfig;
import io.flowsentinel.sink.Feed;
import io.flowsentinel.source.discovery.FolderListing;
import io.flowsentinel.source.discovery.ObjectFilter;
import io.flowsentinel.source.discovery.SlotRange;
import io.flowsentinel.source.discovery.Slots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;

/** One replay: of a range into feeds, up to a savepoint, or compared with a feed that is there. */
final class Replay {

    private final LocalPlan plan;
    private final JobConfig config;
    private final ReplayOptions options;
    private final Optional<Hold> hold;
    private final Optional<Feeds> compared;

    private Replay(
            LocalPlan plan, JobConfig config, ReplayOptions options, Optional<Hold> hold, Optional<Feeds> compared) {
        this.plan = plan;
        this.config = config;
        this.options = options;
        this.hold = hold;
        this.compared = compared;
    }

    /**
     * Checks everything, and starts nothing.
     *
     * @throws InvalidConfig for the first option or setting that cannot be used
     */
    static Replay of(Configuration settings, ReplayOptions options) throws IOException, InterruptedException {
        LocalPlan plan = LocalPlan.of(settings, options.overwrite());
        JobConfig config = plan.config("");
        Optional<Feeds> compared = Optional.empty();
        if (options.compareWith().isPresent()) {
            compared = Optional.of(feeds(options.compareWith().get(), config));
        }
        Optional<Hold> hold = Optional.empty();
        if (options.takeSavepoint().isPresent()) {
            long lastSlot = Slots.of(config.source().to().getEpochSecond() - 1);
            hold = Optional.of(new Hold(
                    lastSlot,
                    SavepointPlace.writable(
                            "--take-savepoint", options.takeSavepoint().get())));
        }
        return new Replay(plan, config, options, hold, compared);
    }

    void run(Console console) throws Exception {
        Manner manner = new Manner(options.quiet(), options.quiet() || compared.isPresent(), false, hold);
        LocalSession.Done done = new LocalSession(plan, console, manner).run();
        if (hold.isPresent()) {
            console.line("Savepoint  " + hold.get().savepoint());
        }
        if (compared.isPresent()) {
            String runId = done.report().runId();
            Feeds own = own(runId);
            ComparedRange range = range(config, done);
            new Comparison(
                            compared.get().comparedWith(runId, range.after()),
                            own,
                            new DiffJson(compared.get().place(), "this replay, " + own.place()),
                            Optional.of(this::late))
                    .show(range, console, options.json());
        }
    }

    private LateReasons late(Feeds before, Feeds own) throws IOException {
        SourceConfig source = config.source();
        LateReasons late = new LateReasons(config.time().maxDelay());
        late.read(before);
        late.read(own);
        ObjectFilter filter = ObjectFilter.of(
                source.filter().accounts(),
                source.filter().regions(),
                source.filter().flowLogs());
        try (FolderListing listing = new FolderListing(source.roots(), filter, false, Clock.systemUTC())) {
            late.read(listing, SlotRange.between(source.from(), source.to()));
        }
        return late;
    }

    /** What a run has decided: after its beginning, or after the moment its savepoint had reached. */
    static ComparedRange range(JobConfig config, LocalSession.Done done) {
        Instant after = done.slotBefore()
                .map(slot -> slot.minus(config.time().maxDelay()))
                .orElse(config.source().from());
        return new ComparedRange(after, config.source().to());
    }

    private Feeds own(String runId) {
        return plan.output()
                .<Feeds>map(output -> new FolderFeeds(output.folder()))
                .orElseGet(() -> TopicFeeds.ofRun(
                        config.sinks().kafka().client(), topics(config.sinks().kafka()), runId));
    }

    private static Map<Feed, String> topics(KafkaConfig kafka) {
        Map<Feed, String> topics = new EnumMap<>(Feed.class);
        for (Feed feed : Feed.values()) {
            topics.put(feed, kafka.topics().get(feed.directory()));
        }
        return topics;
    }

    /** A folder where there is one, else a topic, and its neighbours by the usual names. */
    private static Feeds feeds(String named, JobConfig config) throws IOException {
        if (Files.isDirectory(Path.of(named))) {
            Path folder = Path.of(named);
            if (!FolderFeeds.areIn(folder)) {
                throw InvalidConfig.of("--compare-with", named, "a folder with the alerts of a run in it");
            }
            return new FolderFeeds(folder);
        }
        KafkaConfig kafka = config.sinks().kafka();
        if (kafka.client().getProperty("bootstrap.servers", "").isEmpty()) {
            throw InvalidConfig.of(
                    "--compare-with", named, "an output folder, or a topic and " + LocalSettings.BROKERS);
        }
        FlowLogJob.checkClient(config);
        Map<Feed, String> topics = new EnumMap<>(Feed.class);
        topics.put(Feed.ALERTS, named);
        String alerts = Feed.ALERTS.directory();
        if (named.endsWith(alerts)) {
            String stem = named.substring(0, named.length() - alerts.length());
            topics.put(Feed.SUPPRESSED, stem + Feed.SUPPRESSED.directory());
            topics.put(Feed.LATE, stem + Feed.LATE.directory());
        }
        TopicFeeds feeds = TopicFeeds.ofAll(kafka.client(), topics);
        if (!feeds.exist()) {
            throw InvalidConfig.of("--compare-with", named, "an output folder, or a topic that exists");
        }
        return feeds;
    }
}
