package io.flowsentinel.local;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Who wrote a message, by its headers: nothing in its body depends on the run.
 *
 * @param runId empty where the message does not say
 * @param runMode {@code live} or {@code replay}; empty where the message does not say
 */
record Origin(String runId, String runMode) {

    static final String LIVE = "live";
    static final String REPLAY = "replay";

    static Origin of(ConsumerRecord<byte[], byte[]> message) {
        return new Origin(header(message, "run-id"), header(message, "run-mode"));
    }

    boolean isReplay() {
        return runMode.equals(REPLAY);
    }

    private static String header(ConsumerRecord<byte[], byte[]> message, String name) {
        Header header = message.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
