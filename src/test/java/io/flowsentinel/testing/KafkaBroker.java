package io.flowsentinel.testing;

import io.flowsentinel.local.EmbeddedKafka;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A real broker for tests, with the reads that tests make. */
public final class KafkaBroker implements AutoCloseable {

    private final EmbeddedKafka kafka;
    private final Map<String, String> client;

    /** @param client what the reads of this class need to be let in */
    private KafkaBroker(EmbeddedKafka kafka, Map<String, String> client) {
        this.kafka = kafka;
        this.client = client;
    }

    public static KafkaBroker start() {
        return start(Map.of());
    }

    public static KafkaBroker start(Map<String, String> overrides) {
        return new KafkaBroker(EmbeddedKafka.start(overrides), Map.of());
    }

    /** A broker that lets nobody in without a password (SASL/PLAIN, without TLS). */
    public static KafkaBroker startWithPassword(String user, String password) {
        String login = jaas(user, password);
        String broker = login.replace(";", " user_" + user + "=\"" + password + "\";");
        Map<String, String> overrides = Map.of(
                "listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name", "PLAINTEXT",
                "sasl.enabled.mechanisms", "PLAIN",
                "sasl.mechanism.inter.broker.protocol", "PLAIN",
                "listener.name.plaintext.plain.sasl.jaas.config", broker);
        return new KafkaBroker(
                EmbeddedKafka.start(overrides),
                Map.of(
                        "security.protocol", "SASL_PLAINTEXT",
                        "sasl.mechanism", "PLAIN",
                        "sasl.jaas.config", login));
    }

    /** What clients call {@code sasl.jaas.config}. */
    public static String jaas(String user, String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    public String brokers() {
        return kafka.brokers();
    }

    public Admin admin() {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("bootstrap.servers", brokers());
        return Admin.create(properties);
    }

    /** What a read_committed reader sees of a topic from its beginning up to its present end. */
    public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        return new CommittedReader(brokers(), client).read(topic);
    }

    @Override
    public void close() {
        kafka.close();
    }
}
