package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.testing.KafkaBroker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.CreateTopicPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaTopicsIT {

    private static final KafkaTopics TOPICS = new KafkaTopics(3, 1, Duration.ofSeconds(20));

    private static KafkaBroker kafka;

    @BeforeAll
    static void startBroker() {
        kafka = KafkaBroker.start(Map.of("create.topic.policy.class.name", OneNameForbidden.class.getName()));
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Test
    void createsWhatIsMissingAndLeavesTheRest() throws Exception {
        TOPICS.create(kafka.brokers(), Map.of(), List.of("one"));

        new KafkaTopics(5, 1, Duration.ofSeconds(20)).create(kafka.brokers(), Map.of(), List.of("one", "two"));

        try (Admin admin = kafka.admin()) {
            var topics =
                    admin.describeTopics(List.of("one", "two")).allTopicNames().get();
            assertThat(topics.get("one").partitions()).hasSize(3);
            assertThat(topics.get("two").partitions()).hasSize(5);
        }
    }

    @Test
    void saysWhichTopicMayNotBeCreatedAndWhatToDo() {
        assertThatThrownBy(() -> TOPICS.create(kafka.brokers(), Map.of(), List.of("forbidden")))
                .isInstanceOf(KafkaTopics.Unavailable.class)
                .hasMessage("topic forbidden is missing at " + kafka.brokers()
                        + " and may not be created (not here): create it, or allow this user to");
    }

    @Test
    void saysWhichBrokerDoesNotAnswer() throws Exception {
        String address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }
        KafkaTopics impatient = new KafkaTopics(1, 1, Duration.ofSeconds(1));

        assertThatThrownBy(() -> impatient.create(address, Map.of(), List.of("topic")))
                .isInstanceOf(KafkaTopics.Unavailable.class)
                .hasMessage("Kafka at " + address + " did not answer in time: check that it is running, that the"
                        + " address is one it listens on, and that it asks for no login there, for"
                        + " kafka.security.protocol is PLAINTEXT");
    }

    @Test
    void saysThatAnAddressIsNone() {
        assertThatThrownBy(() -> TOPICS.create("nowhere.invalid:9092", Map.of(), List.of("topic")))
                .isInstanceOf(KafkaTopics.Unavailable.class)
                .hasMessageStartingWith("Kafka at nowhere.invalid:9092 cannot be used: ");
    }

    /** Forbids the topic named so. The broker makes one by itself, hence public. */
    public static final class OneNameForbidden implements CreateTopicPolicy {

        @Override
        public void configure(Map<String, ?> configs) {
            // Nothing to configure.
        }

        @Override
        public void validate(RequestMetadata request) {
            if (request.topic().equals("forbidden")) {
                throw new PolicyViolationException("not here");
            }
        }

        @Override
        public void close() {
            // Nothing to close.
        }
    }
}
