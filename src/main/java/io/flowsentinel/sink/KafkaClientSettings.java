package io.flowsentinel.sink;

import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/** Whether Kafka's clients can be made with the settings they are given. Files are read, and nobody is asked. */
public final class KafkaClientSettings {

    /** A reference to a secret, as Kafka's config providers read it: {@code ${provider:[path:]key}}. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([\\w.-]+):[^}]*}");

    private static final String JAAS = "sasl.jaas.config";

    /** An address that needs no name server, for the client wants one. */
    private static final String NOBODY = "127.0.0.1:9";

    private KafkaClientSettings() {}

    /**
     * What is wrong, in one line that names the key; empty where nothing is. References are shown, what they stand for is
     * not.
     *
     * @param client keys of Kafka's, without {@code kafka.}
     */
    public static Optional<String> fault(Map<String, String> client) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, NOBODY);
        try {
            Optional<String> open = openReference(new AdminClientConfig(properties).originals());
            if (open.isEmpty()) {
                Admin.create(properties).close(Duration.ZERO);
            }
            return open;
        } catch (KafkaException e) {
            return Optional.of(told(client, e));
        }
    }

    /** Kafka leaves a reference that it cannot follow as it is. */
    private static Optional<String> openReference(Map<String, Object> resolved) {
        for (Map.Entry<String, Object> setting : new TreeMap<>(resolved).entrySet()) {
            Matcher reference = REFERENCE.matcher(String.valueOf(setting.getValue()));
            if (reference.find()) {
                return Optional.of("kafka." + setting.getKey() + ": " + reference.group()
                        + " stands for nothing here; expected that it is set, and " + reference.group(1)
                        + " in kafka.config.providers");
            }
        }
        return Optional.empty();
    }

    private static String told(Map<String, String> client, KafkaException failure) {
        String reason = reason(failure);
        for (String store : List.of("truststore", "keystore")) {
            String key = "ssl." + store + ".location";
            if (client.containsKey(key) && says(failure, client.get(key))) {
                String type = "kafka.ssl." + store + ".type";
                return "kafka." + key + ": '" + client.get(key) + "' cannot be used (" + reason
                        + "); expected a file as " + type + " says ("
                        + client.getOrDefault("ssl." + store + ".type", "JKS")
                        + "), and kafka.ssl." + store + ".password where it has one";
            }
        }
        if (says(failure, "JAAS") || says(failure, "LoginModule")) {
            // The client's message may quote what it could not read.
            return "kafka." + JAAS + ": " + (client.containsKey(JAAS) ? "cannot be read" : "not set")
                    + "; expected LOGIN-MODULE required username=\"...\" password=\"...\"; with the module of"
                    + " kafka.sasl.mechanism";
        }
        return "kafka.*: not what Kafka's client takes: " + reason;
    }

    private static boolean says(Throwable failure, String text) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && cause.getMessage().contains(text)) {
                return true;
            }
        }
        return false;
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof NoSuchFileException ? "no such file" : KafkaRefusal.reason(cause);
    }
}
