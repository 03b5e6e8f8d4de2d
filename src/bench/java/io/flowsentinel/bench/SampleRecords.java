package io.flowsentinel.bench;

import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.parse.FlowLogParser;
import io.flowsentinel.parse.ParserCaches;
import io.flowsentinel.parse.ParserSettings;
import io.flowsentinel.parse.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** One object of the logs to measure with, as it is stored, and what the parser makes of it. */
public final class SampleRecords {

    private static final int RECORDS = 250_000;
    private static final int INFLATE_BUFFER = 64 * 1024;

    private SampleRecords() {}

    /** The largest object of one slot with about 250,000 records. */
    public static byte[] storedObject() throws IOException {
        Path folder = Files.createTempDirectory("bench-");
        try {
            BenchLogs.write(folder, BenchLogs.Mix.USUAL, RECORDS, 1);
            try (Stream<Path> files = Files.walk(folder)) {
                Path largest = files.filter(file -> file.toString().endsWith(".log.gz"))
                        .max(Comparator.comparingLong(SampleRecords::size))
                        .orElseThrow();
                return Files.readAllBytes(largest);
            }
        } finally {
            Bench.delete(folder);
        }
    }

    /** Its text. */
    public static byte[] text(InputStream stored) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (InputStream in = new GZIPInputStream(stored, INFLATE_BUFFER)) {
            in.transferTo(text);
        }
        return text.toByteArray();
    }

    public static List<FlowRecord> records(byte[] text) {
        List<FlowRecord> records = new ArrayList<>();
        parse(text, line -> {
            if (line.kind() == ParsedLine.Kind.FLOW) {
                records.add(line.flow());
            }
        });
        return records;
    }

    /** Cuts a text into lines and parses each. */
    public static void parse(byte[] text, Consumer<ParsedLine> out) {
        FlowLogParser parser = parser(caches());
        int from = 0;
        long number = 0;
        for (int at = 0; at < text.length; at++) {
            if (text[at] == '\n') {
                parser.line(text, from, at, ++number, out);
                from = at + 1;
            }
        }
    }

    /** For an object whose slot nobody knows. */
    public static FlowLogParser parser(ParserCaches caches) {
        return new FlowLogParser(
                new ParserSettings(List.of(), Scope.VPC, 600, Long.MIN_VALUE, Long.MAX_VALUE, 60),
                "s3://logs/object",
                FlowLogParser.NO_SLOT,
                caches);
    }

    public static ParserCaches caches() {
        return new ParserCaches(Scope.VPC, warning -> {}, (object, fields) -> {});
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
