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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The connection feed against the published class: what its JSON Schema allows is allowed by OCSF. As the schema allows
 * nothing else and all tests hold the feed to it, this goes for the feed too.
 *
 * <p>The table lists the attributes of Network Activity with the profiles cloud and security_control and of the objects
 * used in it, out of the definitions in github.com/ocsf/ocsf-schema, branch v1.6.0.
 */
class OcsfClassTest {

    private static final String TABLE = "ocsf-" + Ocsf.VERSION + "-network-activity.csv";
    private static final String CLASS = "network_activity";
    private static final String OWN = "unmapped";

    /** Attributes by the object they are of and their name. */
    private static final Map<String, Attribute> ATTRIBUTES = attributes();

    private static final List<SchemaField> FIELDS = SchemaField.of(Feed.CONNECTIONS.directory());

    /** One row of the table; values are empty where OCSF lists none. */
    private record Attribute(String type, boolean required, List<String> values) {}

    static Stream<SchemaField> fields() {
        return FIELDS.stream().filter(field -> !field.path().startsWith(OWN + "."));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void everyFieldIsAnAttributeOfItsObject(SchemaField field) {
        int dot = field.path().lastIndexOf('.');
        String object = dot < 0 ? CLASS : objectAt(field.path().substring(0, dot));

        Attribute attribute = ATTRIBUTES.get(object + "." + field.path().substring(dot + 1));

        assertThat(attribute).as(object + " has it").isNotNull();
        assertThat(field.type()).isEqualTo(feedType(attribute.type()));
        if (!attribute.values().isEmpty()) {
            assertThat(field.values()).isNotEmpty().extracting(JsonNode::asText).isSubsetOf(attribute.values());
        }
    }

    @Test
    void everythingOcsfRequiresIsAlwaysThere() {
        List<String> always = FIELDS.stream()
                .filter(SchemaField::always)
                .map(SchemaField::path)
                .toList();

        assertThat(always).containsAll(required(CLASS, ""));
        fields().filter(SchemaField::isObject)
                .filter(object -> !object.path().equals(OWN))
                .forEach(object ->
                        assertThat(always).containsAll(required(objectAt(object.path()), object.path() + ".")));
    }

    private static List<String> required(String object, String prefix) {
        return ATTRIBUTES.entrySet().stream()
                .filter(attribute -> attribute.getKey().startsWith(object + "."))
                .filter(attribute -> attribute.getValue().required())
                .map(attribute -> prefix + attribute.getKey().substring(object.length() + 1))
                .toList();
    }

    /** OCSF's name of the object that stands at a path. */
    private static String objectAt(String path) {
        String object = CLASS;
        for (String name : path.split("\\.", -1)) {
            object = ATTRIBUTES.get(object + "." + name).type();
        }
        return object;
    }

    private static String feedType(String ocsfType) {
        return switch (ocsfType) {
            case "string", "integer", "boolean" -> ocsfType;
            case "string[]" -> "strings";
            default -> "object";
        };
    }

    private static Map<String, Attribute> attributes() {
        Map<String, Attribute> attributes = new HashMap<>();
        try (BufferedReader table = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(OcsfClassTest.class.getResourceAsStream(TABLE), TABLE),
                StandardCharsets.UTF_8))) {
            table.lines()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .forEach(row -> attributes.put(
                            row[0] + "." + row[1],
                            new Attribute(
                                    row[2],
                                    row[3].equals("required"),
                                    row[4].isEmpty() ? List.of() : List.of(row[4].split("\\|", -1)))));
        } catch (IOException e) {
            throw new AssertionError(TABLE + " can be read", e);
        }
        return attributes;
    }
}
