package io.flowsentinel.sample;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/**
 * Puts lines into gzip objects under the keys of an S3 delivery: one set of objects per flow log and five minutes, a
 * line in the slot its {@code end} lies in.
 */
public final class ObjectWriter implements Closeable {

    public static final long SLOT_SECONDS = 300;

    /** An object that grows beyond this is followed by another one of the same slot. */
    private static final int LINES_PER_OBJECT = 250_000;

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SLOT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'").withZone(ZoneOffset.UTC);

    private static final class Target {
        private OutputStream out;
        private int part;
        private int lines;
    }

    private final Path root;
    private final String header;
    private final TreeMap<Long, Map<String, Target>> open = new TreeMap<>();
    private long objects;
    private long lines;

    ObjectWriter(Path root) {
        this(root, RecordLine.HEADER);
    }

    /** Below a folder, with this first line in every object. */
    public ObjectWriter(Path root, String header) {
        this.root = root;
        this.header = header;
    }

    public void add(String flowLog, long endSeconds, String line) throws IOException {
        long slot = Math.floorDiv(endSeconds, SLOT_SECONDS) * SLOT_SECONDS;
        Target target =
                open.computeIfAbsent(slot, unused -> new TreeMap<>()).computeIfAbsent(flowLog, unused -> new Target());
        if (target.out == null || target.lines == LINES_PER_OBJECT) {
            next(target, flowLog, slot);
        }
        write(target.out, line);
        target.lines++;
        lines++;
    }

    /** Finishes the objects of all slots that end by then. */
    public void finish(long nowSeconds) throws IOException {
        while (!open.isEmpty() && open.firstKey() + SLOT_SECONDS <= nowSeconds) {
            for (Target target : open.pollFirstEntry().getValue().values()) {
                target.out.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        finish(Long.MAX_VALUE);
    }

    public long objects() {
        return objects;
    }

    /** Records written, headers not counted. */
    public long lines() {
        return lines;
    }

    private void next(Target target, String flowLog, long slot) throws IOException {
        if (target.out != null) {
            target.out.close();
        }
        target.out = create(flowLog, slot, target.part++);
        target.lines = 0;
        objects++;
        write(target.out, header);
    }

    private OutputStream create(String flowLog, long slot, int part) throws IOException {
        Instant instant = Instant.ofEpochSecond(slot);
        String stem =
                Estate.ACCOUNT + "_vpcflowlogs_" + Estate.REGION + "_" + flowLog + "_" + SLOT.format(instant) + "_";
        Path folder = root.resolve("AWSLogs/" + Estate.ACCOUNT + "/vpcflowlogs/" + Estate.REGION + "/")
                .resolve(DAY.format(instant));
        Files.createDirectories(folder);
        OutputStream file = Files.newOutputStream(folder.resolve(stem + hash(stem + part) + ".log.gz"));
        // The JDK leaves the gzip header's time at 0.
        return new BufferedOutputStream(new GZIPOutputStream(file, 1 << 16), 1 << 16);
    }

    private static void write(OutputStream out, String line) throws IOException {
        out.write(line.getBytes(StandardCharsets.US_ASCII));
        out.write('\n');
    }

    /** Eight hex digits, as in AWS's names; opaque to readers. */
    private static String hash(String of) {
        CRC32 crc = new CRC32();
        crc.update(of.getBytes(StandardCharsets.US_ASCII));
        return String.format("%08x", crc.getValue());
    }
}
