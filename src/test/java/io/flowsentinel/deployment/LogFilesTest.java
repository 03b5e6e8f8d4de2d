package io.flowsentinel.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.testing.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the scripts write their logs, in a project folder of its own. */
class LogFilesTest {

    private static final Path LINK = Path.of("run-local.log");

    @TempDir
    private Path home;

    private Path target;

    @BeforeEach
    void theScriptsAreThere() throws IOException {
        target = Files.createDirectories(home.resolve("target"));
        Files.copy(
                Path.of("scripts/build.sh"),
                Files.createDirectories(home.resolve("scripts")).resolve("build.sh"));
    }

    @Test
    void eachRunHasALogOfItsOwnAndTheLinkLeadsToTheNewest() throws Exception {
        Path first = newLog();
        Files.writeString(first, "running\n");

        Path second = newLog();

        assertThat(second).isNotEqualTo(first);
        assertThat(first).hasContent("running\n");
        assertThat(target.resolve(Files.readSymbolicLink(target.resolve(LINK)))).isEqualTo(second);
    }

    @Test
    void aLogThatSomebodyStillWritesToUnderTheNameOfTheLinkIsLeftToHim() throws Exception {
        Files.writeString(target.resolve(LINK), "of a run under way\n");
        try (Stream<String> read = Files.lines(target.resolve(LINK))) {
            newLog();

            assertThat(read).containsExactly("of a run under way");
        }
    }

    @Test
    void logsOfAWeekAgoAreDeletedAndNothingElseIs() throws Exception {
        Path old = aged("run-local-20260101-090000-7.log", Duration.ofDays(9));
        Path young = aged("run-local-20260101-090000-8.log", Duration.ofDays(6));
        Path other = aged("replay-20260101-090000-9.log", Duration.ofDays(9));

        newLog();

        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(other).exists();
    }

    private Path aged(String name, Duration age) throws IOException {
        Path log = Files.createFile(target.resolve(name));
        return Files.setLastModifiedTime(log, FileTime.from(Instant.now().minus(age)));
    }

    private Path newLog() throws Exception {
        String script = "script=run-local.sh; source " + home.resolve("scripts/build.sh") + "; new_log; echo $log_file";
        CommandRun run = CommandRun.of(List.of("bash", "-euo", "pipefail", "-c", script), Map.of());
        assertThat(run.exitCode()).as(run.text()).isZero();
        return Path.of(run.output().strip());
    }
}
