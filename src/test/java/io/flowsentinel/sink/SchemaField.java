package io.flowsentinel.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A property that a feed's JSON Schema allows.
 *
 * @param path the names down to it, with dots between; of what is in a list as of what is in an object
 * @param type as a person would say it: {@code integer}, {@code strings}, {@code string or null}
 * @param always whether every message has it
 * @param description what the schema says it means; empty where it says nothing
 * @param values those the schema allows; empty where it lists none
 * @param closed of an object, whether it allows nothing but what is listed
 */
record SchemaField(
        String path, String type, boolean always, String description, List<JsonNode> values, boolean closed) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** All properties of a schema, objects before what is in them. */
    static List<SchemaField> of(String schema) {
        String file = "schema/" + schema + ".json";
        try (InputStream text = Objects.requireNonNull(SchemaField.class.getResourceAsStream(file), file)) {
            JsonNode root = JSON.readTree(text);
            List<SchemaField> fields = new ArrayList<>();
            collect(root, root, "", true, fields);
            return fields;
        } catch (IOException e) {
            throw new AssertionError(file + " is JSON", e);
        }
    }

    boolean isObject() {
        return type.equals("object");
    }

    private static void collect(JsonNode root, JsonNode object, String prefix, boolean always, List<SchemaField> out) {
        Set<String> required = new LinkedHashSet<>();
        object.path("required").forEach(name -> required.add(name.asText()));
        object.path("properties").properties().forEach(property -> {
            String path = prefix + property.getKey();
            boolean there = always && required.contains(property.getKey());
            JsonNode meaning = property.getValue();
            JsonNode node = resolved(root, meaning);
            out.add(new SchemaField(
                    path,
                    type(root, node),
                    there,
                    meaning.path("description").asText(),
                    values(node),
                    node.path("additionalProperties").isBoolean()
                            && !node.path("additionalProperties").asBoolean()));
            JsonNode parts = node.has("items") ? resolved(root, node.get("items")) : node;
            collect(root, parts, path + ".", there, out);
        });
    }

    private static JsonNode resolved(JsonNode root, JsonNode node) {
        JsonNode reference = node.get("$ref");
        return reference == null ? node : root.at(reference.asText().substring(1));
    }

    private static String type(JsonNode root, JsonNode node) {
        if (node.has("items")) {
            return type(root, resolved(root, node.get("items"))) + "s";
        }
        Set<String> types = new LinkedHashSet<>();
        if (node.path("type").isArray()) {
            node.get("type").forEach(one -> types.add(one.asText()));
        } else if (node.has("type")) {
            types.add(node.get("type").asText());
        }
        values(node).forEach(value -> types.add(typeOf(value)));
        return String.join(" or ", types);
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> typeOf(value.get(0)) + "s";
            case NUMBER -> "integer";
            default -> value.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }

    private static List<JsonNode> values(JsonNode node) {
        List<JsonNode> values = new ArrayList<>();
        node.path("enum").forEach(values::add);
        if (node.has("const")) {
            values.add(node.get("const"));
        }
        return values;
    }

    /** The paths of what holds a value. */
    static Set<String> leaves(List<SchemaField> fields) {
        return fields.stream()
                .filter(field -> !field.isObject())
                .map(SchemaField::path)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
