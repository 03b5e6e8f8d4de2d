package io.flowsentinel.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A real S3 API server in a process of its own, with its buckets in a folder. Whoever may reach it may do anything. */
public final class S3Server implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path folder;
    private final int port;
    private final Process process;

    private S3Server(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Starts a server and returns when it answers. */
    public static S3Server start(Path folder) throws IOException, InterruptedException {
        int port = FreePorts.one();
        Files.createDirectories(folder.resolve("buckets"));
        Path properties = folder.resolve("s3proxy.properties");
        Files.write(
                properties,
                List.of(
                        "s3proxy.endpoint=http://127.0.0.1:" + port,
                        "s3proxy.authorization=none",
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.identity=any",
                        "jclouds.credential=any",
                        "jclouds.filesystem.basedir=" + folder.resolve("buckets")));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        serverClassPath(),
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        properties.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("s3proxy.log").toFile())
                .start();
        S3Server server = new S3Server(folder, port, process);
        server.awaitAnswer();
        return server;
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** What Flink is to know of it. */
    public Map<String, String> settings() {
        return settings(endpoint());
    }

    /** The same of what stands before it. */
    public static Map<String, String> settings(String endpoint) {
        return Map.of(
                "s3.endpoint", endpoint,
                "s3.path-style-access", "true",
                "s3.access-key", "local",
                "s3.secret-key", "local",
                "s3.region", "us-east-1");
    }

    public void createBucket(String bucket) throws IOException, InterruptedException {
        put("/" + bucket, new byte[0]);
    }

    public void put(String bucket, String key, byte[] bytes) throws IOException, InterruptedException {
        put("/" + bucket + "/" + key, bytes);
    }

    public void delete(String bucket, String key) throws IOException, InterruptedException {
        String path = "/" + bucket + "/" + key;
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(endpoint() + path)).DELETE().build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 204) {
            throw new IOException("DELETE " + path + ": " + response.statusCode() + " " + response.body());
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void put(String path, byte[] bytes) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint() + path))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .timeout(PATIENCE)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("PUT " + path + ": " + response.statusCode() + " " + response.body());
        }
    }

    /** What it has written since it was started, for the message of a failed assertion. */
    public String log() throws IOException {
        return Files.readString(folder.resolve("s3proxy.log"), StandardCharsets.UTF_8);
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint() + "/"))
                .timeout(Duration.ofSeconds(5))
                .build();
        while (true) {
            try {
                http.send(request, HttpResponse.BodyHandlers.discarding());
                break;
            } catch (IOException notYet) {
                if (System.nanoTime() > deadline || process.waitFor(100, TimeUnit.MILLISECONDS)) {
                    close();
                    throw new IOException("the S3 server does not start: " + log(), notYet);
                }
            }
        }
        checkItIsThisServer();
    }

    /** Another one may have come to the port first, and would answer as well. */
    private void checkItIsThisServer() throws IOException, InterruptedException {
        String bucket = "bucket-of-port-" + port;
        try {
            createBucket(bucket);
            Files.delete(folder.resolve("buckets").resolve(bucket));
        } catch (IOException other) {
            close();
            throw new IOException("another server answers at " + endpoint() + ": " + log(), other);
        }
    }

    private static String serverClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(System.getProperty("path.separator"), -1))
                .filter(entry -> entry.endsWith(".jar"))
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }
}
