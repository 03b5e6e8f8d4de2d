package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.testing.Certificates;
import io.flowsentinel.testing.RunOutput;
import io.flowsentinel.testing.SecuredKafka;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The commands against a Kafka that only talks over TLS, to users it knows, who may do what their rights allow: they write
 * and read what they do without all that, and say what is wrong where they are not let in.
 */
class SecuredKafkaIT {

    private static final String PASSWORD = "k4fka-pa55word";
    private static final String WRONG_PASSWORD = "wr0ng-pa55word";
    private static final String PROVIDERS = "org.apache.kafka.common.config.provider.";
    private static final List<String> FEEDS = List.of("alerts", "connections", "quarantine", "late", "suppressed");

    /** Starting Flink included; far from any timeout of Kafka's. */
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    static Path folder;

    private static SecuredKafka kafka;
    private static RunOutput reference;

    /** How a user of the broker comes to it. */
    private enum Way {
        /** A password, from a mounted file. */
        SCRAM,
        /** A certificate. */
        MUTUAL_TLS;

        String brokers() {
            return this == SCRAM ? kafka.brokers() : kafka.mutualBrokers();
        }

        Path config() throws IOException, InterruptedException {
            return this == SCRAM ? scram(SecuredKafka.JOB, PASSWORD) : mutual();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        kafka = SecuredKafka.start(folder.resolve("certificates"), PASSWORD);
        Path output = folder.resolve("reference");
        assertThat(LocalRun.execute("--output=" + output, "--quiet")).isZero();
        reference = new RunOutput(output);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @ParameterizedTest
    @EnumSource
    void theFeedsAreWrittenOnceAndReadBack(Way way) throws Exception {
        kafka.deleteTopics();
        String config = "--config=" + way.config();
        String brokers = "--brokers=" + way.brokers();

        Shown run = run(config, brokers, "--set=topics.partitions=2");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        for (String feed : FEEDS) {
            assertThat(kafka.committed("vpc-flow-" + feed).stream()
                            .map(message -> new String(message.value(), StandardCharsets.UTF_8))
                            .sorted()
                            .toList())
                    .as(feed)
                    .isEqualTo(reference.lines(feed));
        }
        assertThat(run.out()).as("shown as they come").contains("host-sweep");
        Shown tail = tail(config, brokers);
        assertThat(tail.code()).as(tail.err()).isZero();
        assertThat(tail.out().lines()).hasSameSizeAs(reference.lines("alerts"));
        Shown compared = shown((out, err) -> ReplayRun.execute(
                out,
                err,
                config,
                brokers,
                "--input=src/sample/logs",
                "--from=2026-01-15T09:00Z",
                "--to=2026-01-15T12:00Z",
                "--compare-with=vpc-flow-alerts"));
        assertThat(compared.code()).as(compared.err()).isZero();
        assertThat(compared.out()).contains("Findings: 4 the same, 0 new, 0 gone, 0 changed");
    }

    @Test
    void settingsOnTheCommandLineTakeThePlaceOfThoseInTheFile() throws Exception {
        Shown run = run(
                "--config=" + scram(SecuredKafka.JOB, WRONG_PASSWORD),
                "--set=kafka.sasl.jaas.config=${file:" + secrets("right", SecuredKafka.JOB, PASSWORD) + ":jaas}",
                "--quiet");
        Shown tail = tail(
                "--config=" + scram(SecuredKafka.ANALYST, WRONG_PASSWORD),
                "--set=kafka.sasl.jaas.config=${file:" + secrets("analyst", SecuredKafka.ANALYST, PASSWORD) + ":jaas}");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(tail.code()).as(tail.err()).isZero();
    }

    @Test
    void aWrongPasswordIsSaid() throws Exception {
        String config = "--config=" + scram(SecuredKafka.JOB, WRONG_PASSWORD);
        String told =
                "Kafka at " + kafka.brokers() + " refuses the login (Authentication failed during authentication due"
                        + " to invalid credentials with SASL mechanism SCRAM-SHA-512): check kafka.sasl.mechanism, and user and"
                        + " password in kafka.sasl.jaas.config";

        assertRefused(run(config), "The job failed: " + told);
        assertRefused(tail(config), "The alerts of topic vpc-flow-alerts cannot be read: " + told);
        assertRefused(compared(config), "The job failed: " + told);
    }

    @Test
    void aCertificateThatIsNotTrustedIsSaid() throws Exception {
        Path other = Certificates.below(folder.resolve("others")).authority();
        String[] options = {
            "--config=" + scram(SecuredKafka.JOB, PASSWORD), "--set=kafka.ssl.truststore.location=" + other
        };
        String told =
                "Kafka at " + kafka.brokers() + " shows a certificate that is not trusted here (Signature does not"
                        + " match.): name the authority that signed it in kafka.ssl.truststore.location, and the kind of that file"
                        + " in kafka.ssl.truststore.type (PEM, PKCS12, JKS)";

        assertRefused(run(options), "The job failed: " + told);
        assertRefused(tail(options), "The alerts of topic vpc-flow-alerts cannot be read: " + told);
    }

    @Test
    void aClientWithoutTlsIsToldOfIt() {
        String told = "Kafka at " + kafka.brokers() + " talks with TLS at this port, and kafka.security.protocol is"
                + " PLAINTEXT: set it to SASL_SSL, with kafka.sasl.*, or to SSL";

        assertRefused(run("--brokers=" + kafka.brokers()), "The job failed: " + told);
        assertRefused(
                tail("--brokers=" + kafka.brokers()), "The alerts of topic vpc-flow-alerts cannot be read: " + told);
    }

    @Test
    void aClientWithTlsIsToldThatThereIsNone() throws Exception {
        assertRefused(
                run("--config=" + scram(SecuredKafka.JOB, PASSWORD), "--brokers=" + kafka.innerBrokers()),
                "The job failed: Kafka at " + kafka.innerBrokers()
                        + " talks without TLS at this port, and kafka.security.protocol is SASL_SSL: name the port of its"
                        + " TLS listener");
    }

    @Test
    void aMissingCertificateOfTheClientIsSaid() throws Exception {
        Path config = Files.writeString(
                folder.resolve("no-certificate.yaml"),
                Files.readString(mutual())
                        .lines()
                        .filter(line -> !line.contains("keystore"))
                        .reduce("", (text, line) -> text + line + "\n"));

        assertRefused(
                run("--config=" + config),
                "The job failed: Kafka at " + kafka.mutualBrokers() + " wants a certificate it trusts (Received fatal"
                        + " alert: bad_certificate): name the client's key and certificate in kafka.ssl.keystore.location,"
                        + " and the kind of that file in kafka.ssl.keystore.type (PEM, PKCS12, JKS)");
    }

    @Test
    void whoMayNotCreateTopicsIsToldWhichIsMissing() throws Exception {
        kafka.deleteTopics();

        assertRefused(
                run("--config=" + scram(SecuredKafka.WRITER, PASSWORD)),
                "The job failed: topic vpc-flow-alerts is missing at " + kafka.brokers()
                        + " and may not be created (Authorization failed.): create it, or allow this user to");
    }

    @Test
    void whoMayNotWriteInTransactionsIsTold() throws Exception {
        Shown run = run(
                "--config=" + scram(SecuredKafka.JOB, PASSWORD), "--set=sink.transactional-id-prefix=other", "--quiet");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines())
                .last()
                .isEqualTo(
                        "The job failed: Kafka refuses the transactions (Transactional Id authorization failed.): allow"
                                + " this user to describe and write transactional ids that begin with"
                                + " sink.transactional-id-prefix");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.sasl.jaas.config=${env:NO_SUCH_VARIABLE} | kafka.sasl.jaas.config: ${env:NO_SUCH_VARIABLE} stands"
                        + " for nothing here; expected that it is set, and env in kafka.config.providers",
                "kafka.sasl.jaas.config=module required password=\"wr0ng-pa55word | kafka.sasl.jaas.config: cannot be read;"
                        + " expected LOGIN-MODULE required username=\"...\" password=\"...\"; with the module of"
                        + " kafka.sasl.mechanism",
                "kafka.ssl.truststore.location=nowhere.pem | kafka.ssl.truststore.location: 'nowhere.pem' cannot be used (no"
                        + " such file); expected a file as kafka.ssl.truststore.type says (PEM), and"
                        + " kafka.ssl.truststore.password where it has one",
            })
    void whatNoClientCanBeMadeOfIsRefusedBeforeAnythingStarts(String settingAndLine) throws Exception {
        String[] parts = settingAndLine.split(" \\| ", -1);
        String[] options = {"--config=" + scram(SecuredKafka.JOB, PASSWORD), "--set=" + parts[0]};

        for (Shown shown : List.of(run(options), tail(options), compared(options))) {
            assertThat(shown.code()).isEqualTo(2);
            assertThat(shown.out()).isEmpty();
            assertThat(shown.err()).isEqualToIgnoringNewLines(parts[1]);
        }
    }

    private static void assertRefused(Shown shown, String line) {
        assertThat(shown.code()).isEqualTo(1);
        assertThat(shown.err().lines()).containsExactly(line);
        assertThat(shown.took()).isLessThan(SOON);
        assertThat(shown.out() + shown.err()).doesNotContain(PASSWORD, WRONG_PASSWORD);
    }

    private static Path scram(String user, String password) throws IOException {
        Map<String, String> client = new TreeMap<>();
        client.put("bootstrap.servers", kafka.brokers());
        client.put("security.protocol", "SASL_SSL");
        client.put("sasl.mechanism", "SCRAM-SHA-512");
        client.put("sasl.jaas.config", "${file:" + secrets(user + password, user, password) + ":jaas}");
        client.put("config.providers", "file,env");
        client.put("config.providers.file.class", PROVIDERS + "FileConfigProvider");
        client.put("config.providers.env.class", PROVIDERS + "EnvVarConfigProvider");
        return config("scram-" + user + password, client);
    }

    private static Path mutual() throws IOException, InterruptedException {
        Path certificate = folder.resolve("certificates").resolve(SecuredKafka.JOB + ".pem");
        if (!Files.exists(certificate)) {
            kafka.certificates().client(SecuredKafka.JOB);
        }
        Map<String, String> client = new TreeMap<>();
        client.put("bootstrap.servers", kafka.mutualBrokers());
        client.put("security.protocol", "SSL");
        client.put("ssl.keystore.type", "PEM");
        client.put("ssl.keystore.location", certificate.toString());
        return config("mutual", client);
    }

    private static Path config(String name, Map<String, String> client) throws IOException {
        client.put("ssl.truststore.type", "PEM");
        client.put("ssl.truststore.location", kafka.certificates().authority().toString());
        List<String> lines = new ArrayList<>(List.of("execution.checkpointing.interval: 1 s", "kafka:"));
        client.forEach((key, value) -> lines.add("  " + key + ": " + value));
        return Files.write(folder.resolve(name + ".yaml"), lines);
    }

    /** As it is mounted into a pod. */
    private static Path secrets(String name, String user, String password) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".properties"), "jaas=" + SecuredKafka.jaas(user, password) + "\n");
    }

    private static Shown run(String... options) {
        return shown((out, err) -> LocalRun.execute(out, err, options));
    }

    private static Shown tail(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--no-follow");
        return shown((out, err) -> TailAlerts.execute(out, err, all.toArray(String[]::new)));
    }

    private static Shown compared(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of(
                "--input=src/sample/logs",
                "--from=2026-01-15T09:00Z",
                "--to=2026-01-15T12:00Z",
                "--output=" + folder.resolve("compared"),
                "--compare-with=vpc-flow-alerts"));
        return shown((out, err) -> ReplayRun.execute(out, err, all.toArray(String[]::new)));
    }

    private interface Command {
        int execute(PrintStream out, PrintStream err);
    }

    private record Shown(int code, String out, String err, Duration took) {}

    private static Shown shown(Command command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        long begin = System.nanoTime();
        int code = command.execute(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        return new Shown(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), took);
    }
}
