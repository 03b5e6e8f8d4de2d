package io.flowsentinel.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.sample.GenerateLogs;
import io.flowsentinel.testing.ClusterProcesses;
import io.flowsentinel.testing.CommandRun;
import io.flowsentinel.testing.SecuredKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * A broker that asks for a password, over TLS, gets it, by whichever way it is given, and nobody else does: neither logs nor pages nor
 * errors show it. On a cluster of separate JVMs, because it has to get there.
 */
class SecretsIT {

    private static final String PASSWORD = "k4fka-pa55word";
    private static final String WRONG_PASSWORD = "wr0ng-pa55word";
    private static final String S3_SECRET = "s3-secret-k3y";
    private static final String JAAS = SecuredKafka.jaas(SecuredKafka.JOB, PASSWORD);

    @TempDir
    private static Path folder;

    private static SecuredKafka kafka;
    private static ClusterProcesses cluster;

    @BeforeAll
    static void startCluster() throws Exception {
        kafka = SecuredKafka.start(folder.resolve("certificates"), PASSWORD);
        cluster = ClusterProcesses.start(
                Files.createDirectories(folder.resolve("flink")),
                Map.of("s3.access-key", "any", "s3.secret-key", S3_SECRET),
                Map.of("KAFKA_JAAS", JAAS),
                1);
        int exitCode = new CommandLine(new GenerateLogs())
                .execute("--output", folder.resolve("logs").toString(), "--hours", "0.25", "--scale", "0.1");
        assertThat(exitCode).isZero();
    }

    @AfterAll
    static void stopCluster() throws Exception {
        cluster.close();
        kafka.close();
    }

    static Stream<Arguments> waysToGiveIt() throws IOException {
        Path file = Files.writeString(folder.resolve("secrets.properties"), "jaas=" + JAAS.replace("\\", "\\\\"));
        String providers = "org.apache.kafka.common.config.provider.";
        return Stream.of(
                Arguments.of(
                        "environment",
                        List.of(
                                "kafka.config.providers: env",
                                "kafka.config.providers.env.class: " + providers + "EnvVarConfigProvider",
                                "kafka.sasl.jaas.config: ${env:KAFKA_JAAS}")),
                Arguments.of(
                        "mounted-file",
                        List.of(
                                "kafka.config.providers: file",
                                "kafka.config.providers.file.class: " + providers + "FileConfigProvider",
                                "kafka.sasl.jaas.config: ${file:" + file + ":jaas}")),
                // Not how it should be, and no reason to show it all the same.
                Arguments.of(
                        "in-clear", List.of("kafka.sasl.jaas.config: '" + JAAS + "'", "s3.secret-key: " + S3_SECRET)));
    }

    @ParameterizedTest
    @MethodSource("waysToGiveIt")
    void thePasswordOpensTheBrokerAndIsShownNowhere(String way, List<String> settings) throws Exception {
        CommandRun run = submit(way, settings);

        assertThat(run.exitCode()).as(run.text()).isZero();
        assertThat(kafka.committed("vpc-flow-" + way + "-connections")).isNotEmpty();
        assertThat(pages() + cluster.logs() + run.text())
                .contains("flow-sentinel", "sasl.jaas.config = [hidden]", "\"s3.secret-key\",\"value\":\"******\"")
                .doesNotContain(PASSWORD)
                .doesNotContain(S3_SECRET);
    }

    @Test
    void aWrongPasswordIsSaidToBeWrongAndNotRepeated() throws Exception {
        CommandRun run = submit(
                "wrong",
                List.of("kafka.sasl.jaas.config: '" + SecuredKafka.jaas(SecuredKafka.JOB, WRONG_PASSWORD) + "'"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text())
                .containsPattern("(?m)^Kafka at " + kafka.brokers() + " .*Authentication failed.*$")
                .doesNotContain("\tat ")
                .doesNotContain(WRONG_PASSWORD);
    }

    @Test
    void aLoginThatCannotBeReadIsNotRepeatedEither() throws Exception {
        CommandRun run = submit("unreadable", List.of("kafka.sasl.jaas.config: '" + JAAS.replace(";", "") + "'"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.text())
                .startsWith("kafka.sasl.jaas.config: cannot be read; expected ")
                .hasLineCount(1)
                .doesNotContain(PASSWORD);
    }

    private static CommandRun submit(String name, List<String> settings) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>(List.of(
                "source.uri: " + folder.resolve("logs"),
                "sink.transactional-id-prefix: flow-sentinel-" + name,
                "execution.checkpointing.interval: 1 s",
                "kafka.security.protocol: SASL_SSL",
                "kafka.sasl.mechanism: SCRAM-SHA-512",
                "kafka.ssl.truststore.type: PEM",
                "kafka.ssl.truststore.location: " + kafka.certificates().authority()));
        for (String feed : List.of("alerts", "connections", "quarantine", "late", "suppressed")) {
            lines.add(feed + ".kafka.topic: vpc-flow-" + name + "-" + feed);
        }
        lines.addAll(settings);
        Path config = Files.write(folder.resolve(name + ".yaml"), lines);
        return CommandRun.of(
                List.of(
                        "scripts/submit.sh",
                        "--jar",
                        System.getProperty("job.jar"),
                        "--config",
                        config.toString(),
                        "--brokers",
                        kafka.brokers()),
                Map.of("FLINK_HOME", cluster.home().toString(), "KAFKA_JAAS", JAAS));
    }

    /** What Flink's page shows of its jobs and of its configuration. */
    private static String pages() throws IOException, InterruptedException {
        StringBuilder pages = new StringBuilder();
        pages.append(cluster.rest("/jobmanager/config")).append(cluster.rest("/jobmanager/environment"));
        for (JsonNode job : cluster.rest("/jobs").get("jobs")) {
            String path = "/jobs/" + job.get("id").asText();
            for (String page : List.of(
                    "", "/config", "/plan", "/exceptions", "/checkpoints", "/checkpoints/config", "/accumulators")) {
                pages.append('\n').append(path).append(page).append(cluster.rest(path + page));
            }
        }
        for (JsonNode taskManager : cluster.rest("/taskmanagers").get("taskmanagers")) {
            pages.append(cluster.rest("/taskmanagers/" + taskManager.get("id").asText()));
        }
        return pages.toString();
    }
}
