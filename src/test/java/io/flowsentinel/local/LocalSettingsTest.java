package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.config.JobArguments;
import io.flowsentinel.config.JobOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code --output} makes of the settings; what it refuses is in {@link LocalRunRefusalTest}. */
class LocalSettingsTest {

    @TempDir
    private Path folder;

    @Test
    void outputSendsEveryFeedToFiles() {
        Configuration settings = settings();

        assertThat(settings.get(JobOptions.ALERTS_SINK)).isEqualTo("files");
        assertThat(settings.get(JobOptions.CONNECTIONS_SINK)).isEqualTo("files");
        assertThat(settings.get(JobOptions.OUTPUT_DIR)).isEqualTo(folder.toString());
    }

    @Test
    void outputWinsOverAFileOfSettings() throws IOException {
        Path file = Files.writeString(
                folder.resolve("job.yaml"),
                "alerts.sink: kafka\nconnections.sink: none\noutput.dir: /elsewhere\nsource.uri: /logs\n");

        Configuration settings = settings("--config=" + file);

        assertThat(settings.get(JobOptions.ALERTS_SINK)).isEqualTo("files");
        assertThat(settings.get(JobOptions.CONNECTIONS_SINK)).isEqualTo("files");
        assertThat(settings.get(JobOptions.OUTPUT_DIR)).isEqualTo(folder.toString());
    }

    @Test
    void connectionsNeedNotBeWritten() {
        Configuration settings = settings("--set=connections.sink=none");

        assertThat(settings.get(JobOptions.ALERTS_SINK)).isEqualTo("files");
        assertThat(settings.get(JobOptions.CONNECTIONS_SINK)).isEqualTo("none");
    }

    @Test
    void whatAgreesWithOutputMayBeSet() {
        Configuration settings =
                settings("--set=alerts.sink=files", "--set=connections.sink=files", "--set=output.dir=" + folder);

        assertThat(settings.get(JobOptions.CONNECTIONS_SINK)).isEqualTo("files");
        assertThat(settings.get(JobOptions.OUTPUT_DIR)).isEqualTo(folder.toString());
    }

    private Configuration settings(String... options) {
        JobArguments arguments = new JobArguments();
        new CommandLine(arguments).parseArgs(options);
        return LocalSettings.of(arguments, folder, folder);
    }
}
