package io.flowsentinel.sink;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * One feed's messages as Kafka records. They carry no event time: brokers delete by a record's timestamp, and a replay
 * of last year must not be deleted as it is written.
 */
final class KafkaRecords<T> implements KafkaRecordSerializationSchema<T> {

    private final FeedEncoder<T> encoder;
    private final String topic;
    private final RunLabel run;

    private transient List<Header> runHeaders;

    KafkaRecords(FeedEncoder<T> encoder, String topic, RunLabel run) {
        this.encoder = encoder;
        this.topic = topic;
        this.run = run;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(T element, KafkaSinkContext context, Long timestamp) {
        if (runHeaders == null) {
            runHeaders = List.of(
                    header("schema-version", Ocsf.SCHEMA_VERSION),
                    header("run-id", run.id()),
                    header("run-mode", run.mode().name().toLowerCase(Locale.ROOT)));
        }
        RecordHeaders headers = new RecordHeaders(runHeaders);
        encoder.headers(element).forEach((name, value) -> headers.add(header(name, value)));
        return new ProducerRecord<>(topic, null, null, encoder.key(element), encoder.value(element), headers);
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
