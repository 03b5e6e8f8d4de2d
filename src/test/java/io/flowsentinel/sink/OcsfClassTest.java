package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The connection and alert feeds against the published classes: what their JSON Schemas allow is allowed by OCSF. As the
 * schemas allow nothing else and all tests hold the feeds to them, this goes for the feeds too.
 *
 * <p>The tables list the attributes of Network Activity with the profiles cloud and security_control, of Detection Finding
 * with the profile cloud, and of the objects used in them, out of the definitions in github.com/ocsf/ocsf-schema, tag
 * 1.6.0.
 */
class OcsfClassTest {

    private static final String OWN = "unmapped";

    /** What OCSF leaves to whoever fills it. */
    private static final String FREE = "json";

    private static final List<Held> HELD = List.of(
            new Held(
                    "network_activity",
                    SchemaField.of(Feed.CONNECTIONS.directory()),
                    attributes("ocsf-" + Ocsf.VERSION + "-network-activity.csv")),
            new Held(
                    "detection_finding",
                    SchemaField.of("finding"),
                    attributes("ocsf-" + Ocsf.VERSION + "-detection-finding.csv")));

    /** One row of a table; values are empty where OCSF lists none. */
    private record Attribute(String type, boolean required, List<String> values) {

        /** What it is, or each of a list. */
        String object() {
            return type.replace("[]", "");
        }
    }

    /**
     * A feed and the class it is held to.
     *
     * @param attributes by the object they are of and their name
     */
    private record Held(String name, List<SchemaField> fields, Map<String, Attribute> attributes) {

        Stream<SchemaField> inOcsf() {
            return fields.stream()
                    .filter(field -> !field.path().startsWith(OWN + "."))
                    .filter(field -> !inFree(field.path()));
        }

        /** OCSF's name of the object that stands at a path. */
        String objectAt(String path) {
            String object = name;
            for (String part : path.split("\\.", -1)) {
                object = attributes.get(object + "." + part).object();
            }
            return object;
        }

        List<String> required(String object, String prefix) {
            return attributes.entrySet().stream()
                    .filter(attribute -> attribute.getKey().startsWith(object + "."))
                    .filter(attribute -> attribute.getValue().required())
                    .map(attribute -> prefix + attribute.getKey().substring(object.length() + 1))
                    .toList();
        }

        private boolean inFree(String path) {
            for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
                if (objectAt(path.substring(0, dot)).equals(FREE)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> fields() {
        return HELD.stream().flatMap(held -> held.inOcsf().map(field -> Arguments.of(held, field)));
    }

    static Stream<Held> held() {
        return HELD.stream();
    }

    @ParameterizedTest
    @MethodSource("fields")
    void everyFieldIsAnAttributeOfItsObject(Held held, SchemaField field) {
        int dot = field.path().lastIndexOf('.');
        String object = dot < 0 ? held.name() : held.objectAt(field.path().substring(0, dot));

        Attribute attribute = held.attributes().get(object + "." + field.path().substring(dot + 1));

        assertThat(attribute).as(object + " has it").isNotNull();
        assertThat(field.type()).isEqualTo(feedType(attribute.type()));
        if (!attribute.values().isEmpty()) {
            assertThat(field.values()).isNotEmpty().extracting(JsonNode::asText).isSubsetOf(attribute.values());
        }
    }

    @ParameterizedTest
    @MethodSource("held")
    void everythingOcsfRequiresIsAlwaysThere(Held held) {
        List<String> always = held.fields().stream()
                .filter(SchemaField::always)
                .map(SchemaField::path)
                .toList();

        assertThat(always).containsAll(held.required(held.name(), ""));
        held.inOcsf().filter(field -> field.isObject() && field.always()).forEach(object -> assertThat(always)
                .containsAll(held.required(held.objectAt(object.path()), object.path() + ".")));
    }

    private static String feedType(String ocsfType) {
        return switch (ocsfType) {
            case "string", "integer", "boolean" -> ocsfType;
            case "string[]" -> "strings";
            default -> ocsfType.endsWith("[]") ? "objects" : "object";
        };
    }

    private static Map<String, Attribute> attributes(String table) {
        Map<String, Attribute> attributes = new HashMap<>();
        try (BufferedReader rows = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(OcsfClassTest.class.getResourceAsStream(table), table),
                StandardCharsets.UTF_8))) {
            rows.lines()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .forEach(row -> attributes.put(
                            row[0] + "." + row[1],
                            new Attribute(
                                    row[2],
                                    row[3].equals("required"),
                                    row[4].isEmpty() ? List.of() : List.of(row[4].split("\\|", -1)))));
        } catch (IOException e) {
            throw new AssertionError(table + " can be read", e);
        }
        return attributes;
    }
}
