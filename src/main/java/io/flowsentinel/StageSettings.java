package io.flowsentinel;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.config.JobConfig.KafkaConfig;
import io.flowsentinel.config.JobConfig.SinkConfig;
import io.flowsentinel.config.JobConfig.SourceConfig;
import io.flowsentinel.config.JobOptions;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.RulesFiles;
import io.flowsentinel.lifecycle.LiveFeed;
import io.flowsentinel.lifecycle.Timeouts;
import io.flowsentinel.model.OpenAge;
import io.flowsentinel.parse.ParserSettings;
import io.flowsentinel.parse.Scope;
import io.flowsentinel.sink.AlertFormat;
import io.flowsentinel.sink.Encoders;
import io.flowsentinel.sink.Feed;
import io.flowsentinel.sink.KafkaSettings;
import io.flowsentinel.sink.RunLabel;
import io.flowsentinel.sink.Sinks;
import io.flowsentinel.source.SourceSettings;
import io.flowsentinel.source.discovery.DiscoverySettings;
import io.flowsentinel.source.discovery.ObjectFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Hands each stage the plain values it needs: stages do not know the configuration. */
final class StageSettings {

    /** How many delivery slots readers may be ahead of the oldest unfinished one: enough to keep all of them busy. */
    private static final int SLOTS_AHEAD = 4;

    private final JobConfig config;

    StageSettings(JobConfig config) {
        this.config = config;
    }

    SourceSettings source() {
        SourceConfig source = config.source();
        return new SourceSettings(
                new ArrayList<>(source.roots()),
                ObjectFilter.of(
                        source.filter().accounts(),
                        source.filter().regions(),
                        source.filter().flowLogs()),
                source.continuous(),
                source.from(),
                source.to(),
                new DiscoverySettings(
                        source.discovery().interval(),
                        source.discovery().fullInterval(),
                        source.discovery().lookBack(),
                        source.discovery().patience()),
                new SourceSettings.Reading(
                        source.reading().inFlight(),
                        source.reading().attempts(),
                        source.reading().backOff(),
                        source.reading().failJob()),
                config.time().maxDelay(),
                SLOTS_AHEAD,
                source.allowOtherInput());
    }

    ParserSettings parser() {
        List<String> format = new ArrayList<>(config.source().format());
        String fault = ParserSettings.faultOf(format);
        if (fault != null) {
            throw new InvalidConfig(JobOptions.SOURCE_FORMAT.key() + ": '" + String.join(" ", format)
                    + "' is not allowed; expected auto or AWS field names: " + fault);
        }
        return new ParserSettings(
                format,
                Scope.valueOf(config.connections().scope().toUpperCase(Locale.ROOT)),
                config.time().maxDelay().toSeconds(),
                seconds(config.source().from(), Long.MIN_VALUE),
                // A reading that others go on from leaves out no record of its objects, or there would be a gap.
                config.source().continuous()
                        ? Long.MAX_VALUE
                        : seconds(config.source().to(), Long.MAX_VALUE),
                config.time().aggregationInterval().toSeconds());
    }

    /** A moment within a second belongs to the next one: records are dated in whole seconds. */
    private static long seconds(Instant moment, long absent) {
        if (moment == null) {
            return absent;
        }
        return moment.getNano() == 0 ? moment.getEpochSecond() : moment.getEpochSecond() + 1;
    }

    Duration aggregationInterval() {
        return config.time().aggregationInterval();
    }

    Timeouts timeouts() {
        Map<String, Duration> set = config.connections().timeouts();
        return Timeouts.of(
                config.time().aggregationInterval(),
                set.get("closed"),
                set.get("attempt"),
                set.get("half-close"),
                set.get("idle"),
                set.get("udp"),
                set.get("other"));
    }

    /** @param ages of open connections that rules ask for */
    LiveFeed liveFeed(List<OpenAge> ages) {
        return new LiveFeed(
                config.connections().openEvents(), config.connections().updateInterval(), ages);
    }

    Networks networks() {
        try {
            return Networks.of(config.internalNetworks());
        } catch (IllegalArgumentException e) {
            throw new InvalidConfig(
                    JobOptions.NETWORKS_INTERNAL.key() + ": " + e.getMessage()
                            + "; expected CIDR blocks such as 10.0.0.0/8",
                    e);
        }
    }

    RulesFiles rulesFiles() {
        return new RulesFiles(config.rules().file().orElse(null), config.rules().lists());
    }

    /** Zero for never: what is bounded is judged by one version of the rules. */
    Duration rulesInterval() {
        return config.source().continuous() ? config.rules().reloadInterval() : Duration.ZERO;
    }

    /** Whether the past is repeated beside a live job, whose sinks must be others. */
    boolean isReplay() {
        return config.sinks().isReplay();
    }

    /** What tells the sinks of one replay from those of another; empty for a live job. */
    Optional<String> replayId() {
        return config.sinks().isReplay() ? config.sinks().replayId() : Optional.empty();
    }

    Sinks sinks(String runId) {
        SinkConfig sinks = config.sinks();
        Networks networks = networks();
        Encoders encoders = new Encoders(sinks.ecs() ? AlertFormat.ECS : AlertFormat.OCSF, networks::contains);
        Sinks alerts = sinks(sinks.alerts(), encoders, runId);
        return alerts.withConnections(
                sinks(sinks.connections(), encoders, runId).connections());
    }

    private Sinks sinks(String kind, Encoders encoders, String runId) {
        return switch (kind) {
            case "kafka" -> Sinks.kafka(kafka(runId), encoders);
            case "files" -> Sinks.files(config.sinks().outputDir().orElseThrow().toUri(), encoders);
            case "print" -> Sinks.print(encoders, System.console() != null);
            case "none" -> Sinks.nowhere();
            default -> throw new IllegalStateException("checked before: " + kind);
        };
    }

    KafkaSettings kafka(String runId) {
        KafkaConfig kafka = config.sinks().kafka();
        Map<String, String> client = kafka.settings();
        Map<Feed, String> topics = new EnumMap<>(Feed.class);
        for (Feed feed : Feed.values()) {
            topics.put(feed, kafka.topics().get(feed.directory()));
        }
        return new KafkaSettings(
                client.get("bootstrap.servers"),
                client,
                topics,
                kafka.transactionalIdPrefix(),
                kafka.transactionTimeout(),
                new RunLabel(
                        runId, RunLabel.Mode.valueOf(config.sinks().runMode().toUpperCase(Locale.ROOT))));
    }
}
