package io.flowsentinel.testing;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.flowsentinel.local.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A real broker as operators run it: clients come over TLS, either with a password (SASL_SSL, SCRAM-SHA-512) or with a
 * certificate (SSL), and may do what their principal's ACLs allow. The broker itself talks over a listener of its own.
 */
public final class SecuredKafka implements AutoCloseable {

    /** May create, write and read the topics of the feeds, as the README asks for the job. */
    public static final String JOB = "job";

    /** May only read the topics of the feeds. */
    public static final String ANALYST = "analyst";

    /** May write the topics of the feeds, but not create them. */
    public static final String WRITER = "writer";

    private static final String HOST = "127.0.0.1";
    private static final String TOPICS = "vpc-flow-";
    private static final String TRANSACTIONS = "flow-sentinel";

    private final EmbeddedKafka kafka;
    private final Certificates certificates;
    private final String secured;
    private final String mutual;
    private final String inner;

    private SecuredKafka(EmbeddedKafka kafka, Certificates certificates, int[] ports) {
        this.kafka = kafka;
        this.certificates = certificates;
        this.secured = HOST + ":" + ports[0];
        this.mutual = HOST + ":" + ports[1];
        this.inner = HOST + ":" + ports[2];
    }

    /**
     * Starts a broker and returns when clients can connect.
     *
     * @param folder gets the certificates
     * @param password of every user
     */
    public static SecuredKafka start(Path folder, String password)
            throws IOException, InterruptedException, ExecutionException {
        Certificates certificates = Certificates.below(folder);
        int[] ports = FreePorts.several(4);
        Map<String, String> overrides = new HashMap<>();
        overrides.put(
                "listeners",
                "SECURED://%1$s:%2$d,MUTUAL://%1$s:%3$d,INNER://%1$s:%4$d,CONTROLLER://%1$s:%5$d"
                        .formatted(HOST, ports[0], ports[1], ports[2], ports[3]));
        overrides.put("controller.quorum.voters", "1@" + HOST + ":" + ports[3]);
        overrides.put(
                "listener.security.protocol.map", "SECURED:SASL_SSL,MUTUAL:SSL,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        overrides.put("inter.broker.listener.name", "INNER");
        overrides.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        overrides.put(
                "listener.name.secured.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        overrides.put("listener.name.mutual.ssl.client.auth", "required");
        overrides.put("ssl.keystore.type", "PEM");
        overrides.put("ssl.keystore.location", certificates.server().toString());
        overrides.put("ssl.truststore.type", "PEM");
        overrides.put("ssl.truststore.location", certificates.authority().toString());
        overrides.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        overrides.put("super.users", "User:ANONYMOUS");
        SecuredKafka broker = new SecuredKafka(EmbeddedKafka.start(overrides), certificates, ports);
        broker.letIn(password);
        return broker;
    }

    /** The listener for users with a password: what they call {@code bootstrap.servers}. */
    public String brokers() {
        return secured;
    }

    /** The listener for those with a certificate. */
    public String mutualBrokers() {
        return mutual;
    }

    /** The listener of the brokers among themselves, without TLS. */
    public String innerBrokers() {
        return inner;
    }

    public Certificates certificates() {
        return certificates;
    }

    /** What clients call {@code sasl.jaas.config}. */
    public static String jaas(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    /** What a read_committed reader sees of a topic from its beginning up to its present end. */
    public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        return new CommittedReader(inner).read(topic);
    }

    /** Deletes all topics of the feeds. */
    public void deleteTopics() throws InterruptedException, ExecutionException {
        try (Admin admin = admin()) {
            admin.deleteTopics(admin.listTopics().names().get().stream()
                            .filter(topic -> topic.startsWith(TOPICS))
                            .toList())
                    .all()
                    .get();
        }
    }

    @Override
    public void close() {
        kafka.close();
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", inner));
    }

    private void letIn(String password) throws InterruptedException, ExecutionException {
        List<UserScramCredentialAlteration> passwords = new ArrayList<>();
        for (String user : List.of(JOB, ANALYST, WRITER)) {
            passwords.add(new UserScramCredentialUpsertion(
                    user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password));
        }
        List<AclBinding> rights = new ArrayList<>();
        for (String user : List.of(JOB, "CN=" + JOB)) {
            rights.addAll(rights(user, ResourceType.TOPIC, TOPICS, CREATE, DESCRIBE, WRITE, READ));
            rights.addAll(rights(user, ResourceType.TRANSACTIONAL_ID, TRANSACTIONS, DESCRIBE, WRITE));
        }
        rights.addAll(rights(ANALYST, ResourceType.TOPIC, TOPICS, DESCRIBE, READ));
        rights.addAll(rights(WRITER, ResourceType.TOPIC, TOPICS, DESCRIBE, WRITE));
        rights.addAll(rights(WRITER, ResourceType.TRANSACTIONAL_ID, TRANSACTIONS, DESCRIBE, WRITE));
        try (Admin admin = admin()) {
            admin.alterUserScramCredentials(passwords).all().get();
            admin.createAcls(rights).all().get();
        }
    }

    private static List<AclBinding> rights(String user, ResourceType kind, String prefix, AclOperation... operations) {
        ResourcePattern pattern = new ResourcePattern(kind, prefix, PatternType.PREFIXED);
        return Arrays.stream(operations)
                .map(operation -> new AclBinding(
                        pattern, new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW)))
                .toList();
    }
}
