package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Event;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KafkaRecordsTest {

    private final KafkaRecords<Connection> records = new KafkaRecords<>(
            new OcsfConnection(Samples.TEN), "connections", new RunLabel("run-1", RunLabel.Mode.LIVE));

    @ParameterizedTest
    @EnumSource
    void allEventsOfAConnectionHaveItsIdAsTheirKey(Event event) {
        Connection connection = Samples.connection().event(event).build();

        ProducerRecord<byte[], byte[]> message = records.serialize(connection, null, null);

        assertThat(message.key()).asString().isEqualTo(connection.id());
        assertThat(message.timestamp()).isNull();
        assertThat(message.partition()).isNull();
    }
}
