package io.flowsentinel.config;

import io.flowsentinel.config.JobConfig.KafkaConfig;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** What belongs to the live job in Kafka, under its usual names, and no replay may take for its own. */
final class LiveJob {

    /** That of job-config/cluster.yaml; it begins with the default of the option. */
    static final String TRANSACTIONAL_ID_PREFIX = "flow-sentinel-live";

    private static final List<ConfigOption<String>> TOPICS = List.of(
            JobOptions.ALERTS_TOPIC,
            JobOptions.CONNECTIONS_TOPIC,
            JobOptions.QUARANTINE_TOPIC,
            JobOptions.LATE_TOPIC,
            JobOptions.SUPPRESSED_TOPIC);

    private LiveJob() {}

    /**
     * Refuses a replay that could end transactions of the live job, which Kafka tells apart by their beginning, or that
     * would write to its topics unasked.
     *
     * @param intoLiveTopics whether it was asked to
     * @throws InvalidConfig for the first setting that could
     */
    static void keepClearOf(KafkaConfig kafka, boolean intoLiveTopics) {
        String prefix = kafka.transactionalIdPrefix();
        if (TRANSACTIONAL_ID_PREFIX.startsWith(prefix) || prefix.startsWith(TRANSACTIONAL_ID_PREFIX)) {
            throw InvalidConfig.of(
                    JobOptions.TRANSACTION_PREFIX.key(),
                    prefix,
                    "for a replay one that neither begins " + TRANSACTIONAL_ID_PREFIX
                            + " nor begins with it, such as flow-sentinel-replay");
        }
        if (intoLiveTopics) {
            return;
        }
        for (ConfigOption<String> option : TOPICS) {
            // The first part of the key is the name of the feed.
            String topic =
                    kafka.topics().get(option.key().substring(0, option.key().indexOf('.')));
            if (topic.equals(option.defaultValue())) {
                throw InvalidConfig.of(
                        option.key(),
                        topic,
                        "for a replay a topic of its own, as in job-config/replay.yaml, or "
                                + JobOptions.INTO_LIVE_TOPICS.key() + "=true");
            }
        }
    }
}
