package io.flowsentinel.testing;

import io.flowsentinel.local.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A real broker for tests, with the reads that tests make. */
public final class KafkaBroker implements AutoCloseable {

    private final EmbeddedKafka kafka;

    private KafkaBroker(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    public static KafkaBroker start() {
        return start(Map.of());
    }

    public static KafkaBroker start(Map<String, String> overrides) {
        return new KafkaBroker(EmbeddedKafka.start(overrides));
    }

    public String brokers() {
        return kafka.brokers();
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", brokers()));
    }

    /** What a read_committed reader sees of a topic from its beginning up to its present end. */
    public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        return new CommittedReader(brokers()).read(topic);
    }

    /** Its values as text, sorted: the order of partitions means nothing. */
    public List<String> values(String topic) {
        return committed(topic).stream()
                .map(message -> new String(message.value(), StandardCharsets.UTF_8))
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        kafka.close();
    }
}
