package io.flowsentinel.day;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.local.LocalRun;
import io.flowsentinel.testing.Redelivery;
import io.flowsentinel.testing.RunOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole day of an estate, read by the real job: every incident is found, once, and nothing else. Beside each incident
 * stands what looks like it.
 *
 * <p>The log begins six hours before the day, so that what learns over a window of 24 hours knows an evening when the
 * last hours of the day are judged: the rules file asks for three known hours instead of fifty in seven days. What no
 * rules file shortens, and a day has no room for, is left to the rules' own tests:
 *
 * <ul>
 *   <li>{@code traffic-path-change}, which takes seven days of one path: {@code TrafficPathChangeTest}.
 * </ul>
 */
class WholeDayIT {

    private static final String RULES =
            """
            baseline: {days: 0, hours: 3}
            dns: {resolvers: [10.40.30.53, %s]}
            scope: {subnets: [%s]}
            rules:
              lateral-fan-out:
                allow:
                  - {source: 10.40.30.70, port: 22, reason: our configuration manager}
            """;

    @TempDir
    static Path folder;

    private static List<Expected> expected;
    private static RunOutput reference;

    @BeforeAll
    static void runOnce() throws IOException {
        WholeDay day = new WholeDay();
        expected = day.expected();
        day.write(folder.resolve("logs"));
        Files.writeString(
                folder.resolve("rules.yaml"),
                RULES.formatted(DayEstate.PUBLIC_RESOLVER.address(), DayEstate.subnet(DayEstate.PARTNERS)));
        Files.writeString(folder.resolve("feodo.txt"), ListedPeers.CONTACTED + "\n" + ListedPeers.DENIED + "\n");
        reference = run("logs", 2, "reference");
    }

    @Test
    void everyIncidentIsFoundOnceAndNothingElse() {
        assertThat(created("alerts"))
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().filter(one -> !one.isHeldBack()).toList());
    }

    @Test
    void whatIsAllowedOrMeansTheSameIsHeldBack() {
        assertThat(created("suppressed"))
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().filter(Expected::isHeldBack).toList());
    }

    @Test
    void theSameRecordsInOtherObjectsAndOrderRaiseTheSameAlerts() throws IOException {
        new Redelivery(folder.resolve("logs"), new Random(4)).into(folder.resolve("shuffled"));

        RunOutput output = run("shuffled", 1, "output");

        for (String feed : List.of("alerts", "suppressed")) {
            assertThat(output.withoutRecords(feed)).as(feed).isEqualTo(reference.withoutRecords(feed));
        }
    }

    private static List<Expected> created(String feed) {
        List<Expected> created = new ArrayList<>();
        for (JsonNode alert : reference.feed(feed)) {
            if (alert.get("activity_id").asInt() == 1) {
                created.add(new Expected(rule(alert), entity(alert), outcome(alert)));
            }
        }
        return created;
    }

    private static String rule(JsonNode alert) {
        return alert.at("/metadata/event_code").asText();
    }

    private static String entity(JsonNode alert) {
        if (rule(alert).equals("long-connection")) {
            return "originator=" + alert.at("/evidences/0/src_endpoint/ip").asText() + " responder="
                    + alert.at("/evidences/0/dst_endpoint/ip").asText();
        }
        List<String> fields = new ArrayList<>();
        alert.at("/unmapped/entity")
                .properties()
                .forEach(field ->
                        fields.add(field.getKey() + "=" + field.getValue().asText()));
        return String.join(" ", fields);
    }

    private static String outcome(JsonNode alert) {
        String reason = alert.at("/unmapped/suppressed_by").asText();
        if (reason.isEmpty()) {
            return alert.get("severity").asText();
        }
        if (reason.equals(Expected.DRY_RUN) || reason.equals(Expected.TRANSLATED)) {
            return reason;
        }
        return reason.matches("[0-9a-f]{32}") ? Expected.MUTED : Expected.ALLOWED;
    }

    private static RunOutput run(String input, int parallelism, String name) {
        Path out = folder.resolve(name);
        int exitCode = LocalRun.execute(
                "--input",
                folder.resolve(input).toString(),
                "--output",
                out.toString(),
                "--rules",
                folder.resolve("rules.yaml").toString(),
                "--set",
                "lists.files=" + folder.resolve("feodo.txt"),
                "--parallelism",
                Integer.toString(parallelism),
                "--quiet");
        assertThat(exitCode).isZero();
        return new RunOutput(out);
    }
}
