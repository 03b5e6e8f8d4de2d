package io.flowsentinel.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The sample logs as they are in the repository, for tests that want them there or in another place. */
public final class SampleFiles {

    public static final Path FOLDER = Path.of("src/sample/logs");

    private SampleFiles() {}

    /** Makes a bucket of them, under the keys that AWS would give them. */
    public static void publish(S3Server s3, String bucket) throws IOException, InterruptedException {
        s3.createBucket(bucket);
        for (Path file : files()) {
            s3.put(bucket, FOLDER.relativize(file).toString(), Files.readAllBytes(file));
        }
    }

    /** Makes a folder of them. */
    public static void copyTo(Path folder) throws IOException {
        for (Path file : files()) {
            Path copy = folder.resolve(FOLDER.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
