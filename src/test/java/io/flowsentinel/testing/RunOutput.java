package io.flowsentinel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flowsentinel.sink.FeedSchemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The feeds and the report a run left in its {@code --output} folder. Every line of a feed is held to its schema. */
public final class RunOutput {

    /** All that a run has; so are their topics called too. */
    public static final List<String> FEEDS = List.of("alerts", "connections", "quarantine", "late", "suppressed");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    public RunOutput(Path folder) {
        this.folder = folder;
    }

    /** The lines of a feed, sorted: the order of writing means nothing. */
    public List<String> lines(String feed) {
        try (Stream<Path> files = Files.list(folder.resolve(feed))) {
            List<String> lines = files.flatMap(RunOutput::readLines).sorted().toList();
            assertThat(lines)
                    .allSatisfy(line ->
                            assertThat(FeedSchemas.faults(feed, line)).as(line).isEmpty());
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a feed of runs that belong together, sorted. */
    public static List<String> lines(String feed, RunOutput... parts) {
        return Stream.of(parts)
                .flatMap(part -> part.lines(feed).stream())
                .sorted()
                .toList();
    }

    public List<JsonNode> feed(String feed) {
        return lines(feed).stream().map(RunOutput::parse).toList();
    }

    public List<ConnectionRow> connections() {
        return lines("connections").stream().map(ConnectionRow::of).toList();
    }

    /**
     * The alerts of a feed but for where their records are: which of them an alert names, and where they are, is up to
     * the delivery.
     */
    public List<String> withoutRecords(String feed) {
        return withoutRecords(lines(feed));
    }

    /** The same of alerts from elsewhere. */
    public static List<String> withoutRecords(List<String> alerts) {
        return alerts.stream()
                .map(RunOutput::parse)
                .map(alert -> {
                    ((ObjectNode) alert.get("unmapped")).remove("records");
                    return alert.toString();
                })
                .sorted()
                .toList();
    }

    public JsonNode report() {
        try {
            return JSON.readTree(folder.resolve("report.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> readLines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
