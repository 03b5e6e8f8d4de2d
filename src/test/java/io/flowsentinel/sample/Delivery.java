package io.flowsentinel.sample;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Reads generated objects the plain way, for tests to look at. */
final class Delivery {

    private final SortedMap<String, List<String>> objects = new TreeMap<>();

    /** The lines of every object below {@code root}, by key. */
    static Delivery read(Path root) throws IOException {
        Delivery delivery = new Delivery();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile).forEach(file -> delivery.objects.put(key(root, file), inflate(file)));
        }
        return delivery;
    }

    SortedMap<String, List<String>> objects() {
        return objects;
    }

    /** All records, header lines left out, as column to value. */
    List<Map<String, String>> records() {
        List<Map<String, String>> records = new ArrayList<>();
        objects.values()
                .forEach(lines -> lines.stream().skip(1).map(Delivery::columns).forEach(records::add));
        return records;
    }

    private static Map<String, String> columns(String line) {
        String[] names = RecordLine.HEADER.split(" ", -1);
        String[] values = line.split(" ", -1);
        if (names.length != values.length) {
            throw new AssertionError(values.length + " columns: " + line);
        }
        Map<String, String> record = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            record.put(names[i], values[i]);
        }
        return record;
    }

    private static String key(Path root, Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    private static List<String> inflate(Path file) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
