package io.flowsentinel.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The alert rules, the dashboard and the runbook, as far as tests ask about them. */
final class Monitoring {

    private static final Path FOLDER = Path.of("job-config/monitoring");
    private static final Pattern METRIC = Pattern.compile("\\bflink_[a-zA-Z0-9_]+");

    private Monitoring() {}

    /** The rules, each with {@code alert}, {@code expr}, {@code labels} and {@code annotations}. */
    static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        Yaml.read(FOLDER.resolve("prometheus-rules.yaml")).get("groups").forEach(group -> group.get("rules")
                .forEach(rules::add));
        return rules;
    }

    static JsonNode dashboard() throws IOException {
        return new ObjectMapper()
                .readTree(FOLDER.resolve("grafana-dashboard.json").toFile());
    }

    /** Every query of the dashboard: of panels, variables and annotations. */
    static List<String> queries() throws IOException {
        List<String> queries = new ArrayList<>();
        dashboard().findValuesAsText("expr").forEach(queries::add);
        dashboard().at("/templating/list").findValuesAsText("query").forEach(queries::add);
        return queries;
    }

    static String runbook() throws IOException {
        return Files.readString(Path.of("job-config/RUNBOOK.md"));
    }

    /** The metrics that a text names as Prometheus knows them. */
    static Set<String> metrics(String text) {
        Set<String> metrics = new TreeSet<>();
        Matcher matcher = METRIC.matcher(text);
        while (matcher.find()) {
            metrics.add(matcher.group());
        }
        return metrics;
    }
}
