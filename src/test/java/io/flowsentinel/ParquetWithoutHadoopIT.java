package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.testing.ParquetObject;
import java.io.Closeable;
import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a bare cluster there are the job jar, Flink's own jars and Java, and nothing else. */
class ParquetWithoutHadoopIT {

    private static final String HEADER = "version srcaddr dstaddr srcport dstport protocol packets bytes start end";
    private static final List<String> LINES = List.of(
            "2 10.0.1.5 203.0.113.5 49152 443 6 10 5280 1616729292 1616729349",
            "2 203.0.113.5 10.0.1.5 443 49152 6 12 - 1616729292 1616729349",
            "2 - - - - - - - 1616729292 1616729349");

    @Test
    void theJobJarReadsParquet(@TempDir Path folder) throws Exception {
        try (URLClassLoader cluster =
                new URLClassLoader(jars().toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> cluster.loadClass("org.apache.hadoop.conf.Configuration"))
                    .isInstanceOf(ClassNotFoundException.class);

            for (CompressionCodecName codec : List.of(
                    CompressionCodecName.GZIP,
                    CompressionCodecName.SNAPPY,
                    CompressionCodecName.ZSTD,
                    CompressionCodecName.LZ4_RAW,
                    CompressionCodecName.UNCOMPRESSED)) {
                for (WriterVersion version : WriterVersion.values()) {
                    Path object = folder.resolve(codec + "-" + version + ".log.parquet");
                    Files.write(
                            object,
                            new ParquetObject()
                                    .compressedBy(codec)
                                    .inPagesOf(version)
                                    .write(HEADER, LINES));

                    assertThat(linesOf(object, cluster)).isEqualTo(LINES);
                }
            }
        }
    }

    private static List<URL> jars() throws Exception {
        List<URL> jars = new ArrayList<>();
        jars.add(Path.of(System.getProperty("job.jar")).toUri().toURL());
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            String name = Path.of(entry).getFileName().toString();
            boolean clusters = Stream.of("flink-core", "flink-annotations", "flink-runtime", "slf4j-api", "log4j-")
                    .anyMatch(name::startsWith);
            if (clusters && !name.endsWith("-tests.jar")) {
                jars.add(Path.of(entry).toUri().toURL());
            }
        }
        return jars;
    }

    /** As the source reads an object, by names: the classes are those of the cluster, not of this test. */
    private static List<String> linesOf(Path object, ClassLoader cluster) throws Exception {
        Object in = cluster.loadClass("org.apache.flink.core.fs.local.LocalDataInputStream")
                .getConstructor(File.class)
                .newInstance(object.toFile());
        Class<?> type = cluster.loadClass("io.flowsentinel.source.lines.ParquetLines");
        Method open = method(type, "open", cluster.loadClass("org.apache.flink.core.fs.FSDataInputStream"), long.class);
        Method advance = method(type, "advance");
        Method buffer = method(type, "buffer");
        Method to = method(type, "to");
        List<String> read = new ArrayList<>();
        Object lines = open.invoke(null, in, Files.size(object));
        while ((boolean) advance.invoke(lines)) {
            byte[] line = Arrays.copyOf((byte[]) buffer.invoke(lines), (int) to.invoke(lines));
            read.add(new String(line, StandardCharsets.UTF_8));
        }
        ((Closeable) in).close();
        return read;
    }

    private static Method method(Class<?> type, String name, Class<?>... parameters) throws Exception {
        Method method = type.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
    }
}
