package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user gets for a wrong option: exit code 2 and one line that names it, before anything is started. */
class LocalRunRefusalTest {

    private static final int INVALID = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "--bogus, '--bogus'",
        "--parallelism=x, 'job.parallelism: ''x'''",
        "--input=/nowhere/at/all, 'source.uri: ''file:///nowhere/at/all'' does not exist'",
        "--input=ftpx://host/logs, 'source.uri: ''ftpx://host/logs'''",
        "--set=foo, '--set: ''foo'' is not allowed; expected KEY=VALUE'",
        "--set==1, '--set: ''=1'' is not allowed; expected KEY=VALUE'",
        "--set=nope=1, 'nope: no such key'",
        "--from=yesterday, 'source.from: ''yesterday'''",
        "--rules=/nowhere.yaml, 'rules.file: ''/nowhere.yaml'''",
        "--config=/nowhere.yaml, '''/nowhere.yaml'''",
        "--output=s3://logs/out, '--output: ''s3:/logs/out'''",
        "--brokers=x, '--brokers: ''x'''",
        "--set=execution.checkpointing.interval=abc, 'execution.checkpointing.interval'"
    })
    void aWrongOptionIsNamedOnOneLine(String option, String named) {
        int exitCode = run(option);

        assertThat(exitCode).isEqualTo(INVALID);
        assertThat(text(out)).isEmpty();
        assertThat(text(err).lines()).singleElement().asString().contains(named);
    }

    @Test
    void aFormerRunIsNotOverwrittenUnasked() throws IOException {
        Files.writeString(folder.resolve("report.json"), "{}");

        int exitCode = run("--output=" + folder);

        assertThat(exitCode).isEqualTo(INVALID);
        assertThat(text(err)).contains("--output", folder.toString(), "--overwrite");
        assertThat(folder.resolve("report.json")).exists();
    }

    @Test
    void aFileThatNoRunWroteIsNamedAndLeftAlone() throws IOException {
        Files.writeString(folder.resolve("report.json"), "{}");
        Path own = Files.writeString(
                Files.createDirectories(folder.resolve("alerts")).resolve("notes.jsonl"), "mine");

        int exitCode = run("--output=" + folder, "--overwrite");

        assertThat(exitCode).isEqualTo(INVALID);
        assertThat(text(err).lines()).singleElement().asString().contains("--output: '" + own + "'");
        assertThat(own).hasContent("mine");
        assertThat(folder.resolve("report.json")).exists();
    }

    @Test
    void outputAndBrokersExcludeEachOther() {
        int exitCode = run("--output=" + folder, "--brokers=localhost:9092");

        assertThat(exitCode).isEqualTo(INVALID);
        assertThat(text(err)).contains("--brokers").contains("--output");
    }

    @ParameterizedTest
    @CsvSource({
        "alerts.sink=kafka, 'alerts.sink: ''kafka'' is not allowed beside --output; expected files'",
        "alerts.sink=print, 'alerts.sink: ''print'' is not allowed beside --output; expected files'",
        "alerts.sink=tape, 'alerts.sink: ''tape'' is not allowed beside --output; expected files'",
        "connections.sink=kafka, 'connections.sink: ''kafka'' is not allowed beside --output; expected files or none'",
        "connections.sink=tape, 'connections.sink: ''tape'' is not allowed beside --output; expected files or none'",
        "output.dir=/elsewhere, 'output.dir: ''/elsewhere'' is not allowed beside --output; expected '"
    })
    void whatIsSetMustNotContradictOutput(String setting, String named) {
        int exitCode = run("--output=" + folder, "--set=" + setting);

        assertThat(exitCode).isEqualTo(INVALID);
        assertThat(text(err).lines()).singleElement().asString().startsWith(named);
    }

    @Test
    void helpNamesEveryOptionAndTheExitCodes() {
        int exitCode = run("--help");

        assertThat(exitCode).isZero();
        assertThat(text(out)).contains("--input", "--output", "--overwrite", "--from", "--to", "--continuous");
        assertThat(text(out)).contains("--config", "--rules", "--set", "--parallelism", "--brokers", "--quiet");
        assertThat(text(out)).contains("Exit codes");
    }

    private int run(String... arguments) {
        return LocalRun.execute(printTo(out), printTo(err), arguments);
    }

    private static PrintStream printTo(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
