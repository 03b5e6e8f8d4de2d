package io.flowsentinel.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.flowsentinel.FlowLogJob;
import io.flowsentinel.config.JobArguments;
import io.flowsentinel.config.JobConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The manifests are what the operator takes, and what they hand to the job is what the job takes. */
class KubernetesManifestsTest {

    private static final Path FOLDER = Path.of("job-config/kubernetes");
    private static final Pattern ENVIRONMENT = Pattern.compile("\\$\\{env:(\\w+)}");

    static Stream<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void theOperatorTakesIt(Path manifest) throws IOException {
        assertThat(schema().validate(Yaml.read(manifest))).isEmpty();
    }

    @Test
    void aMisspeltKeyIsNoticed() throws IOException {
        JsonNode live = Yaml.read(FOLDER.resolve("live.yaml"));
        ((ObjectNode) live.at("/spec/job")).put("upgradeModus", "savepoint");

        assertThat(schema().validate(live)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "replay"})
    void theJobTakesItsArgumentsAndFlinkItsKeys(String name) throws Exception {
        JsonNode spec = Yaml.read(FOLDER.resolve(name + ".yaml")).get("spec");

        Configuration settings = settings(spec);

        JobConfig config = JobConfig.from(settings);
        assertThat(config.sinks().runMode()).isEqualTo(name);
        assertThat(config.source().continuous()).isEqualTo(name.equals("live"));
        assertThat(spec.at("/job/parallelism").asInt()).isLessThanOrEqualTo(JobConfig.USUAL_MAX_PARALLELISM);
        assertThat(JobConfig.unknownToFlink(Configuration.fromMap(texts(spec.get("flinkConfiguration")))))
                .isEmpty();
        assertThat(spec.at("/job/entryClass").asText()).isEqualTo(FlowLogJob.class.getName());
        assertThat(spec.get("flinkVersion").asText())
                .isEqualTo("v"
                        + Pom.value("properties/flink.version")
                                .replaceAll("\\.\\d+$", "")
                                .replace('.', '_'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "replay"})
    void theImageHasWhatItNames(String name) throws IOException {
        JsonNode job = Yaml.read(FOLDER.resolve(name + ".yaml")).at("/spec/job");

        assertThat(Files.readString(Path.of("Dockerfile")))
                .contains(" " + job.get("jarURI").asText().replace("local://", ""))
                .contains(" /opt/flink/job-config/");
        assertThat(arguments(job))
                .contains("/opt/flink/job-config/" + (name.equals("live") ? "cluster" : name) + ".yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "replay"})
    void secretsComeFromTheEnvironmentAndFilesThatThePodHas(String name) throws IOException {
        JsonNode spec = Yaml.read(FOLDER.resolve(name + ".yaml")).get("spec");
        JsonNode container = spec.at("/podTemplate/spec/containers/0");
        String arguments = String.join(" ", arguments(spec.get("job")));

        assertThat(ENVIRONMENT.matcher(arguments).results().map(match -> match.group(1)))
                .isNotEmpty()
                .isSubsetOf(items(container.get("env"))
                        .map(env -> env.get("name").asText())
                        .toList());
        assertThat(items(container.get("env")))
                .allMatch(env -> env.at("/valueFrom/secretKeyRef").isObject());
        assertThat(arguments).contains("kafka.sasl.jaas.config=${env:").doesNotContain("password=");
        assertThat(arguments).contains(container.at("/volumeMounts/0/mountPath").asText() + "/ca.pem");
        assertThat(items(container.get("volumeMounts"))
                        .map(mount -> mount.get("name").asText()))
                .containsExactlyElementsOf(items(spec.at("/podTemplate/spec/volumes"))
                        .map(volume -> volume.get("name").asText())
                        .toList());
    }

    /** Kubernetes renews the folder of a ConfigMap, but never a single file mounted by {@code subPath}. */
    @Test
    void theRulesAreInAFolderThatKubernetesRenewsWhileTheJobRuns() throws IOException {
        JsonNode spec = Yaml.read(FOLDER.resolve("live.yaml")).get("spec");

        JsonNode volume = items(spec.at("/podTemplate/spec/volumes"))
                .filter(one -> one.has("configMap"))
                .findFirst()
                .orElseThrow();
        JsonNode mount = items(spec.at("/podTemplate/spec/containers/0/volumeMounts"))
                .filter(one -> one.get("name").equals(volume.get("name")))
                .findFirst()
                .orElseThrow();

        assertThat(arguments(spec.get("job")))
                .contains("rules.file=" + mount.get("mountPath").asText() + "/rules.yaml");
        assertThat(mount.has("subPath")).isFalse();
        assertThat(Files.readString(Path.of("job-config/RUNBOOK.md")))
                .contains("create configmap " + volume.at("/configMap/name").asText() + " --from-file=rules.yaml");
    }

    /** So that whoever changes one of them changes all. */
    @Test
    void theLiveJobRunsWithTheConfigurationThatIsExplained() throws IOException {
        JsonNode spec = Yaml.read(FOLDER.resolve("live.yaml")).get("spec");
        Map<String, String> explained = texts(Yaml.read(Path.of("job-config/flink.yaml")));
        Map<String, String> configured = texts(spec.get("flinkConfiguration"));

        // The operator sets these from the size of the pods.
        configured.put(
                "taskmanager.memory.process.size",
                spec.at("/taskManager/resource/memory").asText());
        configured.put(
                "jobmanager.memory.process.size",
                spec.at("/jobManager/resource/memory").asText());
        configured.keySet().removeIf(key -> key.startsWith("kubernetes.operator."));
        assertThat(configured).isEqualTo(explained);
    }

    @Test
    void theReplayIsInNothingInTheWayOfTheLiveJob() throws IOException {
        JsonNode live = Yaml.read(FOLDER.resolve("live.yaml"));
        JsonNode replay = Yaml.read(FOLDER.resolve("replay.yaml"));
        JobConfig.KafkaConfig ofLive =
                JobConfig.from(settings(live.get("spec"))).sinks().kafka();
        JobConfig.KafkaConfig ofReplay =
                JobConfig.from(settings(replay.get("spec"))).sinks().kafka();

        assertThat(replay.at("/metadata/name")).isNotEqualTo(live.at("/metadata/name"));
        assertThat(ofReplay.transactionalIdPrefix()).doesNotStartWith(ofLive.transactionalIdPrefix());
        assertThat(ofLive.transactionalIdPrefix()).doesNotStartWith(ofReplay.transactionalIdPrefix());
        assertThat(ofReplay.topics().values())
                .doesNotContainAnyElementsOf(ofLive.topics().values());
    }

    @Test
    void aSavepointThatWasMeantToBeKeptOutlivesItsResource() throws IOException {
        JsonNode snapshot = Yaml.read(FOLDER.resolve("savepoint.yaml"));

        assertThat(snapshot.at("/spec/savepoint/disposeOnDelete").asBoolean(true))
                .isFalse();
        assertThat(snapshot.at("/spec/jobReference/name"))
                .isEqualTo(Yaml.read(FOLDER.resolve("live.yaml")).at("/metadata/name"));
    }

    /** As the job in the image sees them, with the project's folder in the place of the image's. */
    private static Configuration settings(JsonNode spec) {
        List<String> arguments = arguments(spec.get("job")).stream()
                .map(argument -> argument.replace("/opt/flink/job-config/", "job-config/"))
                .toList();
        JobArguments parsed = new JobArguments();
        new CommandLine(parsed).parseArgs(arguments.toArray(String[]::new));
        return parsed.configuration(new Configuration());
    }

    private static List<String> arguments(JsonNode job) {
        return items(job.get("args")).map(JsonNode::asText).toList();
    }

    private static Stream<JsonNode> items(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    private static JsonSchema schema() throws IOException {
        try (InputStream schema = KubernetesManifestsTest.class.getResourceAsStream("operator-schema.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(schema);
        }
    }
}
