package io.flowsentinel.local;

import io.flowsentinel.config.JobConfig;
import io.flowsentinel.config.JobConfig.SinkConfig;
import io.flowsentinel.sink.Feed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Says where the feeds of a run are. */
final class Places {

    private Places() {}

    static List<String> of(JobConfig config) {
        SinkConfig sinks = config.sinks();
        List<String> lines = new ArrayList<>();
        if (sinks.usesKafka()) {
            String topics = Arrays.stream(Feed.values())
                    .map(feed -> sinks.kafka().topics().get(feed.directory()))
                    .collect(Collectors.joining(", "));
            lines.add("Kafka    " + sinks.kafka().client().getProperty("bootstrap.servers") + ", topics " + topics
                    + " (read them with isolation.level=read_committed)");
        }
        if (sinks.alerts().equals("files") || sinks.connections().equals("files")) {
            lines.add("Files    " + sinks.outputDir().orElseThrow());
        }
        return lines;
    }
}
