package io.flowsentinel.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder laid out as Flink's own distribution, for what starts processes of Flink: {@code bin/flink},
 * {@code conf/config.yaml}, {@code plugins}, {@code log}. The classes are Flink's jars of this test's class path and the
 * libraries that its distribution brings, nothing else: neither the job nor its connectors.
 */
final class FlinkHome {

    /** What {@code lib} of a distribution holds, whole or shaded into its jars: how names of jars begin. */
    private static final List<String> LIBRARIES = List.of(
            "flink-annotations",
            "flink-clients",
            "flink-connector-datagen",
            "flink-core",
            "flink-datastream",
            "flink-dstl",
            "flink-file-sink-common",
            "flink-hadoop-fs",
            "flink-metrics-core",
            "flink-queryable-state-client",
            "flink-rpc",
            "flink-runtime",
            "flink-shaded",
            "flink-statebackend",
            "flink-streaming-java",
            "frocksdbjni",
            "async-profiler",
            "commons-cli",
            "commons-collections",
            "commons-compress",
            "commons-io",
            "commons-lang3",
            "commons-math3",
            "commons-text",
            "javassist",
            "kryo",
            "log4j-",
            "lz4-java",
            "minlog",
            "objenesis",
            "reflectasm",
            "RoaringBitmap",
            "slf4j-api",
            "snakeyaml-engine",
            "snappy-java",
            "zstd-jni");

    private static final List<String> PLUGINS = List.of("flink-s3-fs-native", "flink-metrics-prometheus");

    private static final List<String> OPENED =
            List.of("lang", "util", "util.concurrent", "lang.invoke", "net", "io", "time");

    private final Path root;

    private FlinkHome(Path root) {
        this.root = root;
    }

    /** Lays out a folder, with settings of all its processes. */
    static FlinkHome create(Path root, Map<String, String> settings) throws IOException {
        FlinkHome home = new FlinkHome(root);
        for (String folder : List.of("bin", "conf", "log", "plugins", "tmp")) {
            Files.createDirectories(root.resolve(folder));
        }
        for (String plugin : PLUGINS) {
            for (Path jar : jars(List.of(plugin))) {
                Path folder = Files.createDirectories(root.resolve("plugins").resolve(plugin));
                Files.copy(jar, folder.resolve(jar.getFileName()));
            }
        }
        home.write(settings);
        Files.writeString(
                root.resolve("conf/log4j2.properties"),
                """
                rootLogger.level = info
                rootLogger.appenderRef.console.ref = console
                appender.console.type = Console
                appender.console.name = console
                appender.console.layout.type = PatternLayout
                appender.console.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1} - %m%n
                logger.pekko.name = org.apache.pekko
                logger.pekko.level = warn
                """);
        Files.writeString(
                root.resolve("conf/log4j2-cli.properties"),
                """
                rootLogger.level = error
                rootLogger.appenderRef.console.ref = console
                appender.console.type = Console
                appender.console.name = console
                appender.console.target = SYSTEM_ERR
                appender.console.layout.type = PatternLayout
                appender.console.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1} - %m%n
                """);
        home.writeCommand();
        return home;
    }

    Path root() {
        return root;
    }

    Path log(String process) {
        return root.resolve("log").resolve(process + ".log");
    }

    /** For processes started later: a running one has read its own. */
    void write(Map<String, String> settings) throws IOException {
        List<String> lines = new TreeMap<>(settings)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + ": '" + entry.getValue().replace("'", "''") + "'")
                        .toList();
        Files.write(root.resolve("conf/config.yaml"), lines);
    }

    /** What the processes of Flink need in their environment. */
    Map<String, String> environment() {
        return Map.of(
                "FLINK_CONF_DIR", root.resolve("conf").toString(),
                "FLINK_PLUGINS_DIR", root.resolve("plugins").toString());
    }

    /** The command that starts a main class of Flink. */
    List<String> java(String loggingFile, String mainClass, List<String> jvmOptions) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        OPENED.forEach(name -> command.add("--add-opens=java.base/java." + name + "=ALL-UNNAMED"));
        command.addAll(jvmOptions);
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Djava.io.tmpdir=" + root.resolve("tmp"));
        command.add("-Dlog4j2.configurationFile=" + root.resolve("conf").resolve(loggingFile));
        command.add("-cp");
        command.add(jars(LIBRARIES).stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(mainClass);
        return command;
    }

    private void writeCommand() throws IOException {
        List<String> words =
                java("log4j2-cli.properties", "org.apache.flink.client.cli.CliFrontend", List.of("-Xmx256m"));
        String exports = environment().entrySet().stream()
                .map(entry -> "export " + entry.getKey() + "=" + quoted(entry.getValue()) + "\n")
                .sorted()
                .collect(Collectors.joining());
        Path flink = Files.writeString(
                root.resolve("bin/flink"),
                "#!/bin/sh\n" + exports + "exec "
                        + words.stream().map(FlinkHome::quoted).collect(Collectors.joining(" ")) + " \"$@\"\n");
        if (!flink.toFile().setExecutable(true)) {
            throw new IOException(flink + " cannot be made executable");
        }
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static List<Path> jars(List<String> beginnings) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(jar -> {
                    String name = jar.getFileName().toString();
                    return beginnings.stream().anyMatch(name::startsWith)
                            && name.endsWith(".jar")
                            && !name.endsWith("-tests.jar");
                })
                .toList();
    }
}
