package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.config.JobConfig;
import io.flowsentinel.source.SourceSettings;
import io.flowsentinel.source.discovery.DiscoverySettings;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

final class StageSettingsTest {

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
}
