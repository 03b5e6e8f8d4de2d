package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class LocalFlinkIT {

    @Test
    void theWebPageShowsNothingOfKafkasSettings() throws Exception {
        Configuration settings = new Configuration();
        settings.setString("kafka.sasl.jaas.config", "password='secret-of-kafka'");
        settings.setString("alerts.format", "ecs");
        LocalFlink.complete(settings, 1);

        String shown;
        try (LocalFlink flink = LocalFlink.start(settings)) {
            shown = get(flink.webPage().resolve("/jobmanager/config").toString());
        }

        assertThat(shown).contains("alerts.format").doesNotContain("kafka.", "secret-of-kafka");
    }

    private static String get(String uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(java.net.URI.create(uri)).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
