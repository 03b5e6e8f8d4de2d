package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.local.LocalRun;
import io.flowsentinel.reference.BatchLifecycle;
import io.flowsentinel.reference.FieldDifferences;
import io.flowsentinel.testing.ConnectionInvariants;
import io.flowsentinel.testing.ConnectionRow;
import io.flowsentinel.testing.FlowLogBucket;
import io.flowsentinel.testing.RunOutput;
import io.flowsentinel.traffic.FlowLine;
import io.flowsentinel.traffic.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An hour of everything through gzip objects and the whole job: each connection is the specification's. */
class WholeHourIT {

    private static final Duration MINUTE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void everyFieldOfTheFeedIsTheSpecifications() {
        Traffic traffic = Traffic.hour(7, 1_000, MINUTE);
        BatchLifecycle.Published expected = new BatchLifecycle(MINUTE, Networks.byDefault()::contains)
                .publish(traffic.records(), traffic.coverage(), traffic.readTo());

        RunOutput output = run(traffic);

        List<JsonNode> closed = output.connections().stream()
                .filter(ConnectionRow::isClose)
                .map(ConnectionRow::json)
                .toList();
        assertThat(FieldDifferences.between(expected.connections(), closed)).isEmpty();
        assertThat(closed.size()).isGreaterThan(2_000);
        JsonNode report = output.report();
        assertThat(report.get("records_ok").asLong())
                .isEqualTo(traffic.records().size());
        assertThat(report.get("records_skipdata").asLong())
                .isEqualTo(traffic.coverage().size());
        assertThat(report.get("records_duplicate").asLong()).isEqualTo(expected.duplicates());
        assertThat(report.get("records_late").asLong()).isZero();
        ConnectionInvariants.of(output.connections()).hold().accountFor(report);
    }

    private RunOutput run(Traffic traffic) {
        FlowLogBucket bucket = new FlowLogBucket(folder.resolve("logs"));
        publish(traffic, bucket);
        Path out = folder.resolve("out");
        int exitCode =
                LocalRun.execute("--input", bucket.uri(), "--output", out.toString(), "--parallelism", "2", "--quiet");
        assertThat(exitCode).isZero();
        return new RunOutput(out);
    }

    /** Two objects a slot, each with lines in any order. */
    private static void publish(Traffic traffic, FlowLogBucket bucket) {
        Map<Long, List<String>> bySlot = new TreeMap<>();
        traffic.records().forEach(flow -> lines(bySlot, flow.end()).add(FlowLine.of(flow)));
        traffic.coverage().forEach(lost -> lines(bySlot, lost.end()).add(FlowLine.of(lost)));
        Random random = new Random(7);
        bySlot.forEach((slot, lines) -> {
            Collections.shuffle(lines, random);
            int half = lines.size() / 2;
            bucket.publish(slot, withHeader(lines.subList(0, half)));
            bucket.publish(slot, withHeader(lines.subList(half, lines.size())));
        });
    }

    private static List<String> lines(Map<Long, List<String>> bySlot, long end) {
        return bySlot.computeIfAbsent(
                Math.floorDiv(end, Traffic.SLOT_SECONDS) * Traffic.SLOT_SECONDS, slot -> new ArrayList<>());
    }

    private static List<String> withHeader(List<String> lines) {
        List<String> all = new ArrayList<>(List.of(FlowLine.HEADER));
        all.addAll(lines);
        return all;
    }
}
