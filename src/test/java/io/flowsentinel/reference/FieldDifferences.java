package io.flowsentinel.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Where two feeds of close events differ, field by field, in words. */
public final class FieldDifferences {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What every row has: the OCSF class, the product, and times and names that others repeat. */
    private static final Set<String> SAME_IN_EVERY_ROW = Set.of(
            "activity_name",
            "category_name",
            "category_uid",
            "class_name",
            "class_uid",
            "metadata",
            "severity",
            "severity_id",
            "time",
            "type_name",
            "type_uid");

    private final List<String> found = new ArrayList<>();

    private FieldDifferences() {}

    /** The differences, sorted by connection id. */
    public static List<String> between(Collection<JsonNode> expected, Collection<JsonNode> actual) {
        FieldDifferences differences = new FieldDifferences();
        Map<String, JsonNode> wanted = differences.byId(expected);
        Map<String, JsonNode> published = differences.byId(actual);
        Set<String> ids = new TreeSet<>(wanted.keySet());
        ids.addAll(published.keySet());
        for (String id : ids) {
            differences.compare(id, "", wanted.get(id), published.get(id));
        }
        return differences.found;
    }

    private Map<String, JsonNode> byId(Collection<JsonNode> rows) {
        Map<String, JsonNode> byId = new TreeMap<>();
        for (JsonNode row : rows) {
            ObjectNode differing = reread(row);
            differing.remove(SAME_IN_EVERY_ROW);
            String id = differing.at("/connection_info/uid").asText();
            if (byId.put(id, differing) != null) {
                found.add(id + " stands for two connections");
            }
        }
        return byId;
    }

    /** So that numbers are of the types a reader of the feed gives them. */
    private static ObjectNode reread(JsonNode row) {
        try {
            return (ObjectNode) JSON.readTree(row.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compare(String id, String field, JsonNode wanted, JsonNode published) {
        if (Objects.equals(wanted, published)) {
            return;
        }
        if (wanted != null && published != null && wanted.isObject() && published.isObject()) {
            Set<String> names = new TreeSet<>();
            wanted.fieldNames().forEachRemaining(names::add);
            published.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(id, field + "/" + name, wanted.get(name), published.get(name)));
        } else {
            found.add(id + " " + field + ": expected " + wanted + ", published " + published);
        }
    }
}
