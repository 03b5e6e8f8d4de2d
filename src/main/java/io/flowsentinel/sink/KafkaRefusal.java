package io.flowsentinel.sink;

import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/**
 * Why Kafka does not let a client in, in one line that names the setting to look at. No value of a setting is in it: it may
 * be a secret.
 */
public final class KafkaRefusal {

    private static final String PROTOCOL = "security.protocol";

    private KafkaRefusal() {}

    /**
     * What to say of a failure of Kafka's client.
     *
     * @param brokers as {@code bootstrap.servers}
     * @param client the settings of the client
     */
    public static KafkaTopics.Unavailable of(String brokers, Map<String, String> client, Throwable failure) {
        return new KafkaTopics.Unavailable("Kafka at " + brokers + " " + told(brokers, client, failure), failure);
    }

    /** What to say of a failure of a client that was let in before. */
    public static String of(KafkaException failure) {
        return "Kafka " + told(failure);
    }

    private static String told(String brokers, Map<String, String> client, Throwable failure) {
        return isTimeout(failure) ? silence(client, KafkaDoor.of(brokers)) : told(failure);
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof java.util.concurrent.TimeoutException
                || failure instanceof org.apache.kafka.common.errors.TimeoutException;
    }

    /**
     * Whether the client talks with TLS and the broker without, or the other way round; for one that gets no answer, and
     * would try until its patience ends.
     *
     * @param brokers as {@code bootstrap.servers}
     * @param client the settings of the client
     */
    public static boolean isWrongProtocol(String brokers, Map<String, String> client) {
        return isWrong(client, KafkaDoor.of(brokers));
    }

    private static boolean isWrong(Map<String, String> client, KafkaDoor door) {
        return door == (isTls(protocol(client)) ? KafkaDoor.PLAIN : KafkaDoor.TLS);
    }

    private static String silence(Map<String, String> client, KafkaDoor door) {
        String protocol = protocol(client);
        String ours = "kafka." + PROTOCOL + " is " + protocol;
        if (isWrong(client, door)) {
            return isTls(protocol)
                    ? "talks without TLS at this port, and " + ours + ": name the port of its TLS listener"
                    : "talks with TLS at this port, and " + ours + ": set it to SASL_SSL, with kafka.sasl.*, or to SSL";
        }
        return "did not answer in time: check that it is running, that the address is one it listens on, and that "
                + (protocol.startsWith("SASL") ? "" : "it asks for no login there, for ") + ours;
    }

    private static String told(Throwable failure) {
        String reason = " (" + reason(failure) + ")";
        if (failure instanceof UnsupportedSaslMechanismException) {
            return "does not know this kind of login" + reason + ": set kafka.sasl.mechanism to one it knows";
        }
        if (failure instanceof SaslAuthenticationException) {
            return "refuses the login" + reason
                    + ": check kafka.sasl.mechanism, and user and password in kafka.sasl.jaas.config";
        }
        if (failure instanceof SslAuthenticationException) {
            return tls(failure);
        }
        if (failure instanceof TransactionalIdAuthorizationException) {
            return "refuses the transactions" + reason
                    + ": allow this user to describe and write transactional ids that"
                    + " begin with sink.transactional-id-prefix";
        }
        if (failure instanceof TopicAuthorizationException) {
            return "refuses a topic" + reason + ": allow this user to describe it, and to write or read it";
        }
        if (failure instanceof AuthorizationException) {
            return "refuses it" + reason + ": allow this user to";
        }
        return "cannot be used: " + reason(failure);
    }

    private static String tls(Throwable failure) {
        String reason = reason(failure);
        if (reason.contains("subject alternative") || reason.contains("No name matching")) {
            return "shows a certificate of another name (" + reason
                    + "): name it in kafka.bootstrap.servers as its certificate does";
        }
        if (isOfCertificates(failure)) {
            return "shows a certificate that is not trusted here (" + reason
                    + "): name the authority that signed it in kafka.ssl.truststore.location, and the kind of that file in"
                    + " kafka.ssl.truststore.type (PEM, PKCS12, JKS)";
        }
        if (reason.startsWith("Received fatal alert") && reason.contains("certificate")) {
            return "wants a certificate it trusts (" + reason
                    + "): name the client's key and certificate in kafka.ssl.keystore.location, and the kind of that file"
                    + " in kafka.ssl.keystore.type (PEM, PKCS12, JKS)";
        }
        return "does not come to terms over TLS (" + reason + "): check kafka.ssl.enabled.protocols and"
                + " kafka.ssl.cipher.suites";
    }

    private static boolean isOfCertificates(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return true;
            }
        }
        return false;
    }

    private static String protocol(Map<String, String> client) {
        return client.getOrDefault(PROTOCOL, "PLAINTEXT").toUpperCase(Locale.ROOT);
    }

    private static boolean isTls(String protocol) {
        return protocol.endsWith("SSL");
    }

    /** The innermost message, on one line. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return message.replaceAll("\\s+", " ");
    }
}
