package io.flowsentinel.local;

import io.flowsentinel.config.JobConfig.SinkConfig;
import io.flowsentinel.sink.Feed;
import java.util.ArrayList;
import java.util.List;

/** Says where the feeds of a run are, in lines that fit a terminal. */
final class Places {

    private static final int WIDTH = 80;
    private static final String INDENT = " ".repeat(9);

    private Places() {}

    /** Where the feeds of a running job are. */
    static List<String> of(SinkConfig sinks) {
        List<String> lines = new ArrayList<>();
        if (sinks.usesKafka()) {
            lines.add("Kafka    " + sinks.kafka().client().getProperty("bootstrap.servers")
                    + ", for readers with isolation.level=read_committed");
            lines.addAll(topics(sinks));
        }
        if (sinks.alerts().equals("files") || sinks.connections().equals("files")) {
            lines.add("Files    " + sinks.outputDir().orElseThrow());
        }
        return lines;
    }

    /** Where the feeds are once the job is done: an embedded Kafka ends with it. */
    static List<String> afterwards(SinkConfig sinks, boolean embeddedKafka) {
        return embeddedKafka
                ? List.of(
                        "",
                        "The Kafka of this run is gone with it: --output DIR or --brokers HOST:PORT keep the feeds.")
                : of(sinks);
    }

    private static List<String> topics(SinkConfig sinks) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder("Topics  ");
        for (Feed feed : Feed.values()) {
            String sink = feed == Feed.CONNECTIONS ? sinks.connections() : sinks.alerts();
            if (sink.equals("kafka")) {
                String topic = sinks.kafka().topics().get(feed.directory());
                if (line.length() + topic.length() >= WIDTH) {
                    lines.add(line.toString());
                    line = new StringBuilder(INDENT.substring(1));
                }
                line.append(' ').append(topic);
            }
        }
        lines.add(line.toString());
        return lines;
    }
}
