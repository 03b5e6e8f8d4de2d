package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes to a cluster: the job and its connectors, and nothing that Flink brings or only a local run needs. */
class JobJarIT {

    private static List<String> entries;
    private static String mainClass;

    @BeforeAll
    static void openJar() throws IOException {
        try (JarFile jar = new JarFile(Path.of(System.getProperty("job.jar")).toFile())) {
            entries = jar.stream().map(entry -> entry.getName()).toList();
            mainClass = jar.getManifest().getMainAttributes().getValue("Main-Class");
        }
    }

    @Test
    void startsTheJob() {
        assertThat(mainClass).isEqualTo(FlowLogJob.class.getName());
        assertThat(entries).contains("io/flowsentinel/FlowLogJob.class", "io/flowsentinel/detect/settings/rules.yaml");
    }

    @Test
    void bringsItsConnectorsAndLibraries() {
        assertThat(entries)
                .contains(
                        "org/apache/flink/connector/kafka/sink/KafkaSink.class",
                        "org/apache/flink/connector/file/sink/FileSink.class",
                        "org/apache/kafka/clients/producer/KafkaProducer.class",
                        "com/fasterxml/jackson/databind/ObjectMapper.class",
                        "org/apache/parquet/column/impl/ColumnReaderImpl.class",
                        "org/apache/parquet/format/FileMetaData.class",
                        "org/xerial/snappy/Snappy.class",
                        "com/github/luben/zstd/Zstd.class",
                        "org/snakeyaml/engine/v2/api/Load.class");
    }

    /** Of this library the jar has a part. */
    @Test
    void bringsAllThatItsCollectionsNeed() throws Exception {
        Set<String> used = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.flowsentinel").stream()
                        .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                        .map(dependency -> dependency.getTargetClass().getName())
                        .filter(name -> name.startsWith("it.unimi.dsi.fastutil."))
                        .collect(Collectors.toSet());
        URL jar = Path.of(System.getProperty("job.jar")).toUri().toURL();

        assertThat(used).isNotEmpty();
        try (URLClassLoader alone = new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader())) {
            for (String name : used) {
                assertThatCode(() -> Class.forName(name, true, alone)).as(name).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void leavesOutWhatTheClusterHas() {
        assertThat(entries)
                .doesNotContain(
                        "org/apache/flink/api/common/JobID.class",
                        "org/apache/flink/streaming/api/environment/StreamExecutionEnvironment.class",
                        "org/slf4j/Logger.class")
                .noneMatch(name -> name.startsWith("org/apache/logging/"))
                .noneMatch(name -> name.startsWith("org/apache/flink/fs/"));
    }

    @Test
    void leavesOutHadoopAndWhatOnlyWritersOfParquetUse() {
        assertThat(entries)
                .noneMatch(name -> name.startsWith("org/apache/hadoop/"))
                .noneMatch(name -> name.startsWith("org/locationtech/"))
                .noneMatch(name -> name.startsWith("shaded/parquet/it/unimi/"))
                .doesNotContain("org/apache/parquet/hadoop/ParquetFileReader.class");
    }

    @Test
    void leavesOutTheLocalRunAndItsBroker() {
        assertThat(entries)
                .noneMatch(name -> name.startsWith("io/flowsentinel/local/"))
                .noneMatch(name -> name.startsWith("io/flowsentinel/sample/"))
                .noneMatch(name -> name.startsWith("kafka/server/"))
                .noneMatch(name -> name.startsWith("log4j2"))
                .doesNotContain("META-INF/services/org.apache.flink.metrics.reporter.MetricReporterFactory");
    }
}
