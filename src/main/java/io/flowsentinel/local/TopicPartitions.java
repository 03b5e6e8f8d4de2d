package io.flowsentinel.local;

import io.flowsentinel.config.JobConfig.KafkaConfig;
import io.flowsentinel.sink.KafkaRefusal;
import io.flowsentinel.sink.KafkaTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** The first thing a reader asks Kafka for; so it is here that it hears whether it is let in. */
final class TopicPartitions {

    /** After which a broker that says nothing is looked at: it may talk with TLS and the client without. */
    private static final Duration DOUBT = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(7);

    private TopicPartitions() {}

    /**
     * The partitions of a topic; none where there is no such topic.
     *
     * @param client the settings the consumer was made with, {@code bootstrap.servers} among them
     * @throws KafkaTopics.Unavailable where Kafka does not answer, or not this user
     */
    static List<TopicPartition> of(KafkaConsumer<byte[], byte[]> consumer, Properties client, String topic)
            throws KafkaTopics.Unavailable {
        String brokers = client.getProperty("bootstrap.servers");
        Map<String, String> settings = KafkaConfig.texts(client);
        try {
            return of(consumer, topic, DOUBT);
        } catch (TimeoutException e) {
            if (KafkaRefusal.isWrongProtocol(brokers, settings)) {
                throw KafkaRefusal.of(brokers, settings, e);
            }
        } catch (OutOfMemoryError e) {
            // A client without TLS takes the first bytes of a TLS alert for the length of an answer, 352 MB.
            if (KafkaRefusal.isWrongProtocol(brokers, settings)) {
                throw KafkaRefusal.of(brokers, settings, new TimeoutException(e));
            }
            throw e;
        } catch (KafkaException e) {
            throw KafkaRefusal.of(brokers, settings, e);
        }
        try {
            return of(consumer, topic, PATIENCE);
        } catch (KafkaException e) {
            throw KafkaRefusal.of(brokers, settings, e);
        }
    }

    private static List<TopicPartition> of(KafkaConsumer<byte[], byte[]> consumer, String topic, Duration patience) {
        List<PartitionInfo> known = consumer.partitionsFor(topic, patience);
        return known == null
                ? List.of()
                : known.stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
    }
}
