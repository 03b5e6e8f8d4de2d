package io.flowsentinel.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.testing.CommandRun;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What tools of others say of scripts and alert rules, where they are installed. */
class InstalledToolsTest {

    static boolean promtoolIsInstalled() {
        return isInstalled("promtool");
    }

    static boolean shellcheckIsInstalled() {
        return isInstalled("shellcheck");
    }

    /** A job that is well raises nothing, one that is not raises each of them, and a restart is no flood. */
    @Test
    @EnabledIf("promtoolIsInstalled")
    void alertRulesFireWhenTheyShould() throws Exception {
        CommandRun check = run(List.of("promtool", "check", "rules", "job-config/monitoring/prometheus-rules.yaml"));
        CommandRun test = run(List.of(
                "promtool",
                "test",
                "rules",
                "src/test/resources/io/flowsentinel/deployment/prometheus-rules-test.yaml"));

        assertThat(check.exitCode()).as(check.text()).isZero();
        assertThat(test.exitCode()).as(test.text()).isZero();
    }

    @Test
    @EnabledIf("shellcheckIsInstalled")
    void scriptsHaveNoWarning() throws Exception {
        List<String> command = new ArrayList<>(List.of("shellcheck", "-x"));
        try (Stream<Path> scripts = Files.list(Path.of("scripts"))) {
            scripts.map(Path::toString)
                    .filter(name -> name.endsWith(".sh"))
                    .sorted()
                    .forEach(command::add);
        }

        CommandRun run = run(command);

        assertThat(run.exitCode()).as(run.text()).isZero();
    }

    private static CommandRun run(List<String> command) throws Exception {
        return CommandRun.of(command, Map.of());
    }

    private static boolean isInstalled(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
