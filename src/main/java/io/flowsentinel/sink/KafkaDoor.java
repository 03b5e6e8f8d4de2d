package io.flowsentinel.sink;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a broker talks with or without TLS at its port. Kafka's clients cannot tell: each takes the other's first bytes
 * for an absurd length, or a closed connection for a passing fault, and tries again until its patience ends.
 *
 * <p>A broker notes a failed handshake where this is asked, so only those ask whom it has not answered.
 */
enum KafkaDoor {
    /** Answers as Kafka does. */
    PLAIN,

    /** Answers with an alert of TLS. */
    TLS,

    /** Cannot be reached, or answers neither way. */
    UNKNOWN;

    private static final Logger LOG = LoggerFactory.getLogger(KafkaDoor.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int CORRELATION = 1;

    /** The first byte of a TLS record that is an alert (RFC 8446, 5.1). */
    private static final int ALERT = 0x15;

    private static final byte[] REQUEST = apiVersions();

    /**
     * Looks at the first broker that can be reached.
     *
     * @param brokers as {@code bootstrap.servers}
     */
    static KafkaDoor of(String brokers) {
        for (String broker : brokers.split(",", -1)) {
            int colon = broker.lastIndexOf(':');
            try {
                return look(
                        broker.substring(0, colon).strip(),
                        Integer.parseInt(broker.substring(colon + 1).strip()));
            } catch (IOException | RuntimeException e) {
                LOG.debug("Not {}: perhaps the next one", broker, e);
            }
        }
        return UNKNOWN;
    }

    private static KafkaDoor look(String host, int port) throws IOException {
        try (Socket socket = new Socket()) {
            int millis = Math.toIntExact(PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(host, port), millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(REQUEST);
            byte[] answer = socket.getInputStream().readNBytes(Long.BYTES);
            if (answer.length > 0 && answer[0] == ALERT) {
                return TLS;
            }
            boolean kafka =
                    answer.length == Long.BYTES && ByteBuffer.wrap(answer).getInt(Integer.BYTES) == CORRELATION;
            return kafka ? PLAIN : UNKNOWN;
        }
    }

    /** The one request that every broker answers before a login: its length, then ApiVersions (18) in version 0. */
    private static byte[] apiVersions() {
        return ByteBuffer.allocate(14)
                .putInt(10)
                .putShort((short) 18)
                .putShort((short) 0)
                .putInt(CORRELATION)
                .putShort((short) -1)
                .array();
    }
}
