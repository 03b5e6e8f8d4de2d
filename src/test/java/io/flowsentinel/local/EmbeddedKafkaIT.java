package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaIT {

    @Test
    void takesATransactionOnATopicThatWasCreated() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.brokers()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.brokers(), "transactional.id", "test"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic("topic", 2, (short) -1)))
                    .all()
                    .get();

            producer.initTransactions();
            producer.beginTransaction();
            long offset = producer.send(new ProducerRecord<>("topic", 0, null, new byte[] {1}))
                    .get()
                    .offset();
            producer.commitTransaction();

            assertThat(offset).isZero();
        }
    }
}
