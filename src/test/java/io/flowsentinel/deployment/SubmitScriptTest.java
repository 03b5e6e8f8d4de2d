package io.flowsentinel.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.testing.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code scripts/submit.sh} makes of its options; that Flink takes it is seen in {@code SubmitIT}. */
class SubmitScriptTest {

    private static final String INPUT = "--input s3://logs --brokers kafka:9092";

    @TempDir
    private static Path folder;

    /** Only looked for, not run. */
    @BeforeAll
    static void aFlinkIsThere() throws IOException {
        Path flink =
                Files.createFile(Files.createDirectories(folder.resolve("bin")).resolve("flink"));
        assertThat(flink.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aSessionClusterGetsTheJarOfThisVersionAndTheClustersSettings() throws Exception {
        String command = dryRun(INPUT + " --parallelism 4 --from-savepoint s3://state/savepoint-1 --detached");

        assertThat(command)
                .isEqualTo(folder.resolve("bin/flink") + " run --target remote --fromSavepoint s3://state/savepoint-1"
                        + " --detached " + Path.of("target").toAbsolutePath() + "/flow-sentinel-" + Pom.value("version")
                        + "-job.jar --config "
                        + Path.of("job-config/cluster.yaml").toAbsolutePath()
                        + " " + INPUT + " --parallelism 4");
    }

    @Test
    void inApplicationModeAllPathsAreOfTheImage() throws Exception {
        String command = dryRun("--application --cluster-id live --image flow-sentinel:1 " + INPUT);

        assertThat(command)
                .isEqualTo(folder.resolve("bin/flink") + " run --target kubernetes-application"
                        + " -Dkubernetes.cluster-id=live -Dkubernetes.container.image.ref=flow-sentinel:1"
                        + " local:///opt/flink/usrlib/flow-sentinel.jar --config /opt/flink/job-config/cluster.yaml"
                        + " " + INPUT);
    }

    @Test
    void anAddressOfTheJobManagerIsTwoSettingsOfFlink() throws Exception {
        assertThat(dryRun(INPUT + " --jobmanager flink.example:8081 --flink rest.retry.max-attempts=0"))
                .contains(
                        " --target remote -Drest.retry.max-attempts=0 -Drest.address=flink.example -Drest.port=8081 ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nope | --nope: no such option",
                "--config | --config: no value; expected --config with a value",
                "--set --detached | --set: no value",
                "--set source.uri | --set: 'source.uri' is not allowed; expected KEY=VALUE",
                "--flink =1 | --flink: '=1' is not allowed; expected KEY=VALUE",
                "--config no.yaml | --config: 'no.yaml' cannot be read",
                "--jar no.jar | --jar: 'no.jar' cannot be read",
                "--parallelism 0 | --parallelism: '0' is not allowed; expected a whole number of 1 or more",
                "--target yarn-session | --target: 'yarn-session' is not allowed; expected remote, kubernetes-session",
                "--target kubernetes-session | --cluster-id: not set",
                "--application --cluster-id live | --image: not set",
                "--application --cluster-id live --image x --jar target/x.jar | --jar: 'target/x.jar' is not allowed",
                "--image x | --cluster-id and --image: not allowed with --target remote",
                "--jobmanager flink | --jobmanager: 'flink' is not allowed; expected HOST:PORT",
                "--set kafka.sasl.jaas.config=x | --set: kafka.sasl.jaas.config is a secret",
                "--set kafka.ssl.key.password=x | --set: kafka.ssl.key.password is a secret",
                "--flink s3.secret-key=x | --flink: s3.secret-key is a secret"
            })
    void whatIsWrongIsSaidInOneLine(String options, String line) throws Exception {
        CommandRun run = run(options);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).startsWith("submit.sh: " + line).hasLineCount(1);
        assertThat(run.output()).isEmpty();
    }

    @Test
    void aSecretIsNotRepeatedInTheErrorAndMayBeNamed() throws Exception {
        assertThat(run("--set kafka.sasl.jaas.config=hunter2").text()).doesNotContain("hunter2");
        assertThat(dryRun(INPUT + " --set kafka.sasl.jaas.config=${env:KAFKA_JAAS}"))
                .contains("env:KAFKA_JAAS");
    }

    @Test
    void withoutFlinkItSaysWhatItNeeds() throws Exception {
        CommandRun elsewhere = CommandRun.of(
                List.of("scripts/submit.sh"),
                Map.of("FLINK_HOME", folder.resolve("no").toString()));
        CommandRun nowhere =
                CommandRun.of(List.of("scripts/submit.sh"), Map.of("FLINK_HOME", "", "PATH", "/usr/bin:/bin"));

        assertThat(elsewhere.exitCode()).isEqualTo(1);
        assertThat(elsewhere.text())
                .startsWith("submit.sh: FLINK_HOME: no bin/flink below")
                .hasLineCount(1);
        assertThat(nowhere.exitCode()).isEqualTo(1);
        assertThat(nowhere.text()).startsWith("submit.sh: no flink found").hasLineCount(1);
    }

    @Test
    void aDryRunNeedsNoFlinkAndSaysWhatTheCommandNeeds() throws Exception {
        CommandRun run = CommandRun.of(
                List.of("scripts/submit.sh", "--dry-run", "--input", "s3://logs", "--brokers", "kafka:9092"),
                Map.of("FLINK_HOME", ""));

        assertThat(run.exitCode()).as(run.text()).isZero();
        assertThat(run.output()).startsWith("flink run --target remote ");
        assertThat(run.errors()).contains("There is no flink here");
    }

    /** Whoever prints the command wants to know whether it would do. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--brokers kafka:9092                             | source.uri: not set; expected a bucket",
                "--input s3://logs                                | kafka.bootstrap.servers: ",
                "--input s3://l --brokers k:9 --rules no.yaml     | rules.file: 'no.yaml' cannot be read",
                "--input s3://l --brokers k:9 --set soruce.uri=x  | soruce.uri: no such key; did you mean source.uri?",
                "--application --cluster-id a --image b --brokers k:9 --set soruce.uri=x | soruce.uri: no such key",
                "--application --cluster-id a --image b --brokers k:9 | source.uri: not set"
            })
    void aDryRunRefusesWhatTheJobWould(String options, String line) throws Exception {
        CommandRun run = run(options + " --dry-run");

        assertThat(run.exitCode()).as(run.text()).isEqualTo(2);
        assertThat(run.errors())
                .contains(line.replace("'no.yaml'", "'" + Path.of("no.yaml").toAbsolutePath() + "'"));
        assertThat(run.output()).isEmpty();
    }

    @Test
    void filesThatOnlyTheImageHasAreNotChecked() throws Exception {
        CommandRun run = run("--application --cluster-id live --image flow-sentinel:1 " + INPUT
                + " --rules /etc/flow-sentinel/rules/rules.yaml --dry-run");

        assertThat(run.exitCode()).as(run.text()).isZero();
        assertThat(run.errors())
                .isEqualToIgnoringNewLines(
                        "Not checked: rules.file: '/etc/flow-sentinel/rules/rules.yaml' is not on this machine");
        assertThat(run.output()).contains(" --rules /etc/flow-sentinel/rules/rules.yaml");
    }

    /** The command that would be run. */
    private static String dryRun(String options) throws Exception {
        CommandRun run = run(options + " --dry-run");
        assertThat(run.exitCode()).as(run.text()).isZero();
        return run.output().strip();
    }

    private static CommandRun run(String options) throws Exception {
        List<String> command = new ArrayList<>(List.of("scripts/submit.sh"));
        command.addAll(List.of(options.split(" ")));
        return CommandRun.of(command, Map.of("FLINK_HOME", folder.toString()));
    }
}
