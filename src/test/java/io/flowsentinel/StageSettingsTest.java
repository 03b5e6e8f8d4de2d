package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.config.JobConfig;
import io.flowsentinel.detect.settings.InvalidRules;
import io.flowsentinel.lifecycle.Timeouts;
import io.flowsentinel.source.SourceSettings;
import io.flowsentinel.source.discovery.DiscoverySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StageSettingsTest {

    @TempDir
    Path folder;

    @Test
    void theDefaultsOfTheSourceAreThoseOfTheConfiguration() {
        Configuration least = new Configuration();
        least.setString("source.uri", "s3://logs");
        least.setString("alerts.sink", "print");
        least.setString("connections.sink", "none");

        SourceSettings source = new StageSettings(JobConfig.from(least)).source();

        assertThat(source.reading()).isEqualTo(SourceSettings.Reading.DEFAULT);
        assertThat(source.discovery()).isEqualTo(DiscoverySettings.DEFAULT);
        assertThat(source).isEqualTo(SourceSettings.bounded(source.roots()));
    }

    @Test
    void aListThatCannotBeReadNamesTheKey() {
        assertThatThrownBy(() -> withLists(folder.resolve("none.txt").toString())
                        .rulesFiles()
                        .read())
                .isInstanceOf(InvalidRules.class)
                .hasMessage("lists.files: '" + folder.resolve("none.txt")
                        + "' cannot be read; expected a text file of one address or CIDR a line");
    }

    @Test
    void aBadLineOfAListNamesFileAndLine() throws IOException {
        Path list = Files.writeString(folder.resolve("blocked.txt"), "198.51.100.1\nnobody\n");

        assertThatThrownBy(() -> withLists(list.toString()).rulesFiles().read())
                .isInstanceOf(InvalidRules.class)
                .hasMessageStartingWith(list + " line 2: 'nobody'; allowed is");
    }

    private static StageSettings withLists(String files) {
        Configuration settings = new Configuration();
        settings.setString("source.uri", "s3://logs");
        settings.setString("alerts.sink", "print");
        settings.setString("connections.sink", "none");
        settings.setString("lists.files", files);
        return new StageSettings(JobConfig.from(settings));
    }

    @Test
    void everyTimeoutReachesItsPlace() {
        Configuration settings = new Configuration();
        settings.setString("source.uri", "s3://logs");
        settings.setString("alerts.sink", "print");
        settings.setString("connections.sink", "none");
        settings.setString("time.aggregation-interval", "600s");
        settings.setString("connection.timeout.closed", "1s");
        settings.setString("connection.timeout.attempt", "2s");
        settings.setString("connection.timeout.half-close", "3s");
        settings.setString("connection.timeout.idle", "4s");
        settings.setString("connection.timeout.udp", "5s");
        settings.setString("connection.timeout.other", "6s");

        Timeouts timeouts = new StageSettings(JobConfig.from(settings)).timeouts();

        assertThat(timeouts)
                .isEqualTo(new Timeouts(
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6)));
    }
}
