package io.flowsentinel.sink;

import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.LateRecord;
import io.flowsentinel.model.QuarantinedLine;
import java.net.URI;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Where the feeds go, a sink for each.
 *
 * @param alerts findings people are told of
 * @param connections one message an event of a connection
 * @param quarantine lines not understood
 * @param late records that came too late
 * @param suppressed findings nobody is told of, with the reason
 */
public record Sinks(
        Sink<Alert> alerts,
        Sink<Connection> connections,
        Sink<QuarantinedLine> quarantine,
        Sink<LateRecord> late,
        Sink<Alert> suppressed) {

    /** What the client itself has for a delivery. */
    private static final long LEAST_PATIENCE_MILLIS = 120_000;

    /**
     * Kafka topics, exactly once for readers with {@code isolation.level=read_committed}. The topics must exist, see
     * {@link KafkaTopics}.
     */
    public static Sinks kafka(KafkaSettings settings, Encoders encoders) {
        return new Sinks(
                kafka(settings, Feed.ALERTS, encoders.alerts()),
                kafka(settings, Feed.CONNECTIONS, encoders.connections()),
                kafka(settings, Feed.QUARANTINE, encoders.quarantine()),
                kafka(settings, Feed.LATE, encoders.late()),
                kafka(settings, Feed.SUPPRESSED, encoders.alerts()));
    }

    /** JSON lines below a directory, exactly once; see {@link FeedFiles}. */
    public static Sinks files(URI output, Encoders encoders) {
        return new Sinks(
                FeedFiles.sink(output, Feed.ALERTS, encoders.alerts()),
                FeedFiles.sink(output, Feed.CONNECTIONS, encoders.connections()),
                FeedFiles.sink(output, Feed.QUARANTINE, encoders.quarantine()),
                FeedFiles.sink(output, Feed.LATE, encoders.late()),
                FeedFiles.sink(output, Feed.SUPPRESSED, encoders.alerts()));
    }

    /**
     * Alerts as readable lines on standard output, the other feeds nowhere.
     *
     * @param colour whether to use ANSI colours
     */
    public static Sinks print(Encoders encoders, boolean colour) {
        return nowhere().withAlerts(new PrintAlerts(encoders.alerts(), colour));
    }

    /** No feed is written. */
    public static Sinks nowhere() {
        return new Sinks(
                new DiscardingSink<>(),
                new DiscardingSink<>(),
                new DiscardingSink<>(),
                new DiscardingSink<>(),
                new DiscardingSink<>());
    }

    public Sinks withAlerts(Sink<Alert> other) {
        return new Sinks(other, connections, quarantine, late, suppressed);
    }

    public Sinks withConnections(Sink<Connection> other) {
        return new Sinks(alerts, other, quarantine, late, suppressed);
    }

    private static <T> Sink<T> kafka(KafkaSettings settings, Feed feed, FeedEncoder<T> encoder) {
        Properties client = new Properties();
        // A message is some kilobytes of repeated names. Pure Java where the native library does not load.
        client.setProperty("compression.type", "lz4");
        client.setProperty(
                KafkaSettings.TRANSACTION_TIMEOUT,
                String.valueOf(settings.transactionTimeout().toMillis()));
        // While brokers are away a producer waits, and the job with it, for as long as its transaction lives. With the
        // client's usual minute the job fails during the outage and closes its writer, the writer cannot end its
        // transaction, and Flink takes that for fatal: it ends the task manager and all that runs there.
        long patience =
                Math.max(LEAST_PATIENCE_MILLIS, settings.transactionTimeout().toMillis());
        client.setProperty("max.block.ms", String.valueOf(patience));
        client.setProperty("delivery.timeout.ms", String.valueOf(patience));
        client.putAll(settings.client());
        return KafkaSink.<T>builder()
                .setKafkaProducerConfig(client)
                .setBootstrapServers(settings.brokers())
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(settings.transactionalIdPrefix(feed))
                .setRecordSerializer(
                        new KafkaRecords<>(encoder, settings.topics().get(feed), settings.run()))
                .build();
    }
}
