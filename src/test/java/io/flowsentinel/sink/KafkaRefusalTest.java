package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class KafkaRefusalTest {

    private static final String BROKERS = "kafka:9093";

    @Test
    void aCertificateOfAnotherNameIsToldFromOneThatIsNotTrusted() {
        assertThat(told(handshake(new CertificateException("No subject alternative DNS name matching kafka found."))))
                .isEqualTo("Kafka at kafka:9093 shows a certificate of another name (No subject alternative DNS name"
                        + " matching kafka found.): name it in kafka.bootstrap.servers as its certificate does");
        assertThat(told(handshake(new CertificateException("PKIX path\nbuilding failed"))))
                .startsWith(
                        "Kafka at kafka:9093 shows a certificate that is not trusted here (PKIX path building failed): ");
    }

    @Test
    void aHandshakeThatFailsOtherwiseIsOneOfVersionsAndCiphers() {
        assertThat(told(new SslAuthenticationException(
                        "SSL handshake failed", new SSLHandshakeException("Received fatal alert: handshake_failure"))))
                .isEqualTo(
                        "Kafka at kafka:9093 does not come to terms over TLS (Received fatal alert: handshake_failure):"
                                + " check kafka.ssl.enabled.protocols and kafka.ssl.cipher.suites");
    }

    @Test
    void aTopicNobodyAllowedIsNamed() {
        assertThat(KafkaRefusal.of(new TopicAuthorizationException("Not authorized to access topics: [alerts]")))
                .isEqualTo(
                        "Kafka refuses a topic (Not authorized to access topics: [alerts]): allow this user to describe"
                                + " it, and to write or read it");
    }

    @Test
    void whoAnswersNobodyIsNotTakenForAnybody() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String brokers = "127.0.0.1:" + silent.getLocalPort();

            assertThat(KafkaDoor.of(brokers)).isEqualTo(KafkaDoor.UNKNOWN);
            assertThat(KafkaDoor.of("no address," + brokers)).isEqualTo(KafkaDoor.UNKNOWN);
            assertThat(KafkaRefusal.of(brokers, Map.of(), new TimeoutException()))
                    .hasMessage("Kafka at " + brokers + " did not answer in time: check that it is running, that the"
                            + " address is one it listens on, and that it asks for no login there, for"
                            + " kafka.security.protocol is PLAINTEXT");
        }
    }

    private static SslAuthenticationException handshake(CertificateException cause) {
        SSLHandshakeException failed = new SSLHandshakeException("failed");
        failed.initCause(cause);
        return new SslAuthenticationException("SSL handshake failed", failed);
    }

    private static String told(Exception failure) {
        return KafkaRefusal.of(BROKERS, Map.of(), failure).getMessage();
    }
}
