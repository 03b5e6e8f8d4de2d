package io.flowsentinel.detect.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The JSON Schema of rules files says what their reader says, as far as a schema can. */
class RulesSchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode TEXT = resource("rules-schema.json");
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(
                    TEXT,
                    SchemaValidatorsConfig.builder()
                            .formatAssertionsEnabled(true)
                            .build());

    /** What only shipped rules have. */
    private static final List<String> OF_SHIPPED =
            List.of("version", "name", "description", "confidence", "runbook", "judges");

    private static final Pattern EXAMPLE =
            Pattern.compile("```yaml\n(# yaml-language-server: \\$schema=(\\S+)\n.*?)```", Pattern.DOTALL);

    @Test
    void itHasEveryRuleAndNoOther() {
        assertThat(names(TEXT.at("/properties/rules/properties")))
                .containsExactlyElementsOf(Rules.defaults().all().keySet());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aRuleHasTheThresholdsItGoesByAndNoOther(RuleSettings rule) {
        assertThat(thresholds(rule)).hasSameElementsAs(rule.thresholds().keySet());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aWindowOnlyWhereOneCanBeSet(RuleSettings rule) {
        List<String> taken = new ArrayList<>();
        for (String window : List.of("1m", "15 min", "90 s", "12 h", "13 h", "1d", "24 h", "30 d", "31 d", "1 s")) {
            String yaml = "rules: {%s: {window: %s}}".formatted(rule.id(), window);
            assertThat(faults(yaml).isEmpty()).as(yaml).isEqualTo(reads(yaml));
            if (reads(yaml)) {
                taken.add(window);
            }
        }

        assertThat(taken.isEmpty()).isEqualTo(rule.window() == null);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aThresholdHasTheBoundsOfTheReader(RuleSettings rule) {
        for (String name : thresholds(rule)) {
            JsonNode threshold = of(rule).at("/properties/thresholds/properties/" + name);
            long most = threshold.get("maximum").asLong();
            for (String value : List.of("0", "0.5", "1", "2", String.valueOf(most), String.valueOf(most + 1))) {
                String yaml = "rules: {%s: {thresholds: {%s: %s}}}".formatted(rule.id(), name, value);
                assertThat(faults(yaml).isEmpty()).as(yaml).isEqualTo(reads(yaml));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everythingIsDescribed(RuleSettings rule) {
        assertThat(of(rule).get("description").asText()).isNotBlank();
        assertThat(thresholds(rule))
                .allSatisfy(name -> assertThat(of(rule).at("/properties/thresholds/properties/" + name)
                                .get("description")
                                .asText())
                        .isNotBlank());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rules:\n  port-scan:\n", "rules: {port-scan: {thresholds: , allow: }}", "dns:"})
    void whatSaysNothingIsFine(String yaml) {
        assertThat(faults(yaml)).isEmpty();
        assertThat(reads(yaml)).isTrue();
    }

    @Test
    void theShippedRulesAreFineWhereTheyAreAsAFileMayBe() throws IOException {
        JsonNode shipped = json(text("rules.yaml"));
        shipped.get("rules").forEach(rule -> {
            ObjectNode own = (ObjectNode) rule;
            own.remove(OF_SHIPPED);
            own.remove("severity");
        });

        assertThat(faults(shipped)).isEmpty();
    }

    @Test
    void theExampleOfTheReadmeIsFineAndNamesTheSchema() throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("README.md")));

        assertThat(example.find()).isTrue();
        assertThat(Path.of(example.group(2))).exists();
        assertThat(faults(example.group(1))).isEmpty();
        assertThat(reads(example.group(1))).isTrue();
    }

    /** Whoever has the README only reads there what the schema says. */
    @Test
    void theReadmeSaysWhatThresholdsAndAllowListEntriesMean() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        rules().filter(rule -> !rule.thresholds().isEmpty()).forEach(rule -> {
            StringJoiner meanings = new StringJoiner(" ", "| `" + rule.id() + "` | ", " |\n");
            of(rule).at("/properties/thresholds/properties")
                    .properties()
                    .forEach(one -> meanings.add("`" + one.getKey() + "`: "
                            + one.getValue().get("description").asText()));
            assertThat(readme).contains(meanings.toString());
        });
        TEXT.at("/$defs/allow/items/properties").properties().forEach(field -> assertThat(readme)
                .contains("| `" + field.getKey() + "` | "
                        + field.getValue().get("description").asText() + " |\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = RulesTest.MISTAKES)
    void whatTheReaderRefusesItRefusesTooWhereItCan(String yaml, int line, String message, String schemaToo) {
        String text = RulesTest.mistake(yaml);

        assertThat(refused(text)).isEqualTo(schemaToo.equals("yes"));
    }

    static Stream<RuleSettings> rules() {
        return Rules.defaults().all().values().stream();
    }

    private static JsonNode of(RuleSettings rule) {
        return TEXT.at("/properties/rules/properties/" + rule.id());
    }

    private static Set<String> thresholds(RuleSettings rule) {
        return new TreeSet<>(names(of(rule).at("/properties/thresholds/properties")));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static boolean reads(String yaml) {
        try {
            Rules.load(yaml, "a.yaml");
            return true;
        } catch (InvalidRules refused) {
            return false;
        }
    }

    /** What is no YAML never comes before the schema. */
    private static boolean refused(String yaml) {
        try {
            return !faults(yaml).isEmpty();
        } catch (YamlEngineException noYaml) {
            return false;
        }
    }

    private static Set<ValidationMessage> faults(String yaml) {
        return faults(json(yaml));
    }

    private static Set<ValidationMessage> faults(JsonNode file) {
        return SCHEMA.validate(file);
    }

    /** As an editor reads it, by YAML 1.2. */
    private static JsonNode json(String yaml) {
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    private static JsonNode resource(String name) {
        try {
            return JSON.readTree(text(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(String name) throws IOException {
        try (InputStream in = Rules.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
