package io.flowsentinel.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.FlowLogJob;
import io.flowsentinel.detect.settings.Rules;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the Dockerfile says of the project is so: nothing else notices when it is not, until somebody builds an image. */
class DockerfileTest {

    private static final String HOME = "/opt/flink/";

    private static List<Instruction> instructions;

    @BeforeAll
    static void read() throws IOException {
        instructions = Instruction.of(Path.of("Dockerfile"));
    }

    @Test
    void theImageIsOfTheFlinkThatTheJobIsBuiltFor() throws Exception {
        assertThat(all("ARG").get(0).words()).containsExactly("FLINK_VERSION=" + Pom.value("properties/flink.version"));
        assertThat(all("FROM").get(1).words().get(0))
                .isEqualTo("flink:${FLINK_VERSION}-scala_2.12-java" + Pom.value("properties/maven.compiler.release"));
    }

    @Test
    void theJarThatIsBuiltIsTheOneThatIsCopied() throws Exception {
        String built = "target/" + Pom.value("artifactId") + "-" + Pom.value("version") + "-job.jar";

        String commands = String.join(" ", all("RUN").get(0).words());

        assertThat(commands).contains("mv target/flow-sentinel-*-job.jar target/flow-sentinel.jar");
        assertThat(matches("target/flow-sentinel-*-job.jar", Path.of(built))).isTrue();
        assertThat(Files.readString(Path.of("pom.xml"))).contains("<shadedClassifierName>job</shadedClassifierName>");
        assertThat(copiesFromBuild()).anyMatch(copy -> copy.arguments()
                .equals(List.of("/build/target/flow-sentinel.jar", HOME + "usrlib/flow-sentinel.jar")));
    }

    @Test
    void thePluginHasAFolderOfItsOwnAndComesInTheVersionOfThePom() throws Exception {
        assertThat(String.join(" ", all("RUN").get(0).words()))
                .contains("dependency:copy-dependencies -DincludeArtifactIds=flink-s3-fs-native"
                        + " -DoutputDirectory=target/plugin");
        assertThat(Pom.value("dependencies/dependency[artifactId='flink-s3-fs-native']/version"))
                .isEqualTo("${flink.version}");
        assertThat(copiesFromBuild()).anyMatch(copy -> copy.arguments()
                .equals(List.of("/build/target/plugin/", HOME + "plugins/s3-fs-native/")));
    }

    @Test
    void allThatIsCopiedIsThere() throws IOException {
        List<String> sources = all("COPY").stream()
                .filter(copy -> !copy.has("--from"))
                .flatMap(
                        copy -> copy.arguments().stream().limit(copy.arguments().size() - 1))
                .toList();

        assertThat(sources).isNotEmpty();
        for (String source : sources) {
            if (source.endsWith("/")) {
                assertThat(Path.of(source)).isNotEmptyDirectory();
                continue;
            }
            try (Stream<Path> files = Files.walk(Path.of(source.replaceAll("/[^/]*\\*.*", "")), 2)) {
                assertThat(files.anyMatch(file -> matches(source, file)))
                        .as(source)
                        .isTrue();
            }
        }
    }

    @Test
    void neitherRootNorANameThatKubernetesCannotTellFromRoot() {
        List<Instruction> users = all("USER");

        assertThat(users.get(users.size() - 1).stage()).isEqualTo(1);
        assertThat(users.get(users.size() - 1).words().get(0)).matches("[1-9]\\d*");
    }

    /** Before the two dashes Flink's own options are looked for, and {@code --config} is a short form of one of them. */
    @Test
    void theCommandStartsTheJobAndHandsItsOptionsToIt() {
        String command = String.join(" ", all("CMD").get(0).words());

        assertThat(command)
                .contains("\"standalone-job\", \"--job-classname\", \"" + FlowLogJob.class.getName() + "\", \"--\", ")
                .contains("\"--\", \"--config\", \"" + HOME + "job-config/cluster.yaml\"");
        assertThat(all("COPY"))
                .anyMatch(copy -> copy.arguments().equals(List.of("job-config/*.yaml", HOME + "job-config/")));
    }

    @Test
    void theRulesInItAreAFileThatCanBeLoaded() throws IOException {
        Path rules = Path.of("job-config/rules/rules.yaml");

        assertThat(Rules.load(Files.readString(rules), rules.toString())).isNotNull();
        assertThat(all("COPY"))
                .anyMatch(copy -> copy.arguments().equals(List.of("job-config/rules/", HOME + "job-config/rules/")));
    }

    private static List<Instruction> all(String name) {
        return instructions.stream().filter(one -> one.name().equals(name)).toList();
    }

    private static List<Instruction> copiesFromBuild() {
        return all("COPY").stream().filter(copy -> copy.has("--from=build")).toList();
    }

    private static boolean matches(String pattern, Path file) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        return matcher.matches(file);
    }
}
