package io.flowsentinel.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The same records as AWS might just as well have delivered them: those of each object in another order,
 * in two objects of the same slot with hashes of their own.
 *
 * @param logs a folder of gzipped objects with headers
 */
public record Redelivery(Path logs, Random random) {

    private static final String HASH = "_\\w{8}\\.log\\.gz$";

    public void into(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(logs)) {
            for (Path object : files.filter(Files::isRegularFile).sorted().toList()) {
                recut(object, target.resolve(logs.relativize(object)));
            }
        }
    }

    private void recut(Path object, Path like) throws IOException {
        List<String> lines = lines(object);
        String header = lines.get(0);
        List<String> records = new ArrayList<>(lines.subList(1, lines.size()));
        Collections.shuffle(records, random);
        int cut = random.nextInt(records.size() + 1);
        write(like, header, records.subList(0, cut));
        write(like, header, records.subList(cut, records.size()));
    }

    private void write(Path like, String header, List<String> records) throws IOException {
        String hash = String.format(Locale.ROOT, "_%08x.log.gz", random.nextInt());
        Path object = like.resolveSibling(like.getFileName().toString().replaceFirst(HASH, hash));
        String end = records.isEmpty() ? "" : "\n";
        Files.createDirectories(object.getParent());
        Files.write(object, FlowLogBucket.gzip(header + "\n" + String.join("\n", records) + end));
    }

    /** The lines of an object, its header first. */
    public static List<String> lines(Path object) throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(object)), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
