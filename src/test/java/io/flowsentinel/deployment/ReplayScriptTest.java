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

/** What {@code scripts/replay.sh --on-cluster} makes of its options; that Flink takes it is seen in {@code ReplayBesideLiveIT}. */
class ReplayScriptTest {

    private static final String INPUT = "--input s3://logs --brokers kafka:9092";

    private static final String RANGE = INPUT + " --from 2026-01-15 --to 2026-01-16";

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
    void aReplayHasTheReplaysSettingsAndAnIdOfItsOwn() throws Exception {
        String command = dryRun(RANGE);

        assertThat(command)
                .contains(" --config " + Path.of("job-config/replay.yaml").toAbsolutePath())
                .contains(" --from 2026-01-15 --to 2026-01-16 ")
                .containsPattern(
                        " --set job.replay-id=\\d+ --set sink.transactional-id-prefix=flow-sentinel-replay-\\d+ ")
                .endsWith(" --set job.run-mode=replay --set source.mode=bounded");
        assertThat(dryRun(RANGE)).isNotEqualTo(command);
    }

    @Test
    void aSavepointIsGoneOnFromWithoutTheStateOfItsSinks() throws Exception {
        assertThat(dryRun(INPUT + " --savepoint s3://state/savepoint-1 --to 2026-01-16"))
                .contains(" --fromSavepoint s3://state/savepoint-1 --allowNonRestoredState ");
    }

    @Test
    void theLiveTopicsAreThoseOfTheLiveJob() throws Exception {
        assertThat(dryRun(RANGE + " --into-live-topics"))
                .contains(" --set job.into-live-topics=true ")
                .contains(" --set alerts.kafka.topic=vpc-flow-alerts ")
                .contains(" --set suppressed.kafka.topic=vpc-flow-suppressed ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--from 2026-01-15 | --to: not set; expected the end of the range",
                "--to 2026-01-15 | --from: not set; expected the beginning of the range",
                "--to 2026-01-15 --savepoint | --savepoint: no value",
                "--from 2026-01-15 --to 2026-01-16 --output out | --output: not allowed beside --on-cluster",
                "--from 2026-01-15 --to 2026-01-16 --what-if a.yaml | --what-if: not allowed beside --on-cluster",
                "--from 2026-01-15 --to 2026-01-16 --continuous | --continuous: not allowed in a replay"
            })
    void whatAClusterCannotDoIsRefusedInOneLine(String options, String message) throws Exception {
        CommandRun run = run(options);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors().lines()).singleElement().asString().startsWith("replay.sh: " + message);
    }

    private static String dryRun(String options) throws Exception {
        CommandRun run = run(options);
        assertThat(run.exitCode()).as(run.text()).isZero();
        return run.output().strip();
    }

    private static CommandRun run(String options) throws Exception {
        List<String> command = new ArrayList<>(List.of("scripts/replay.sh", "--on-cluster", "--dry-run"));
        command.addAll(List.of(options.split(" ")));
        return CommandRun.of(command, Map.of("FLINK_HOME", folder.toString()));
    }
}
