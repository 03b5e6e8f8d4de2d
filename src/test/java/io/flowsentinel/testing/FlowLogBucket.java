package io.flowsentinel.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** A folder laid out as AWS lays out a flow log bucket. */
public final class FlowLogBucket {

    public static final String ACCOUNT = "123456789010";
    public static final String REGION = "eu-west-1";
    public static final String FLOW_LOG = "fl-0123456789abcdef0";

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SLOT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int SLOT_SECONDS = 300;

    private final Path root;
    private int objects;

    public FlowLogBucket(Path root) {
        this.root = root;
    }

    /** Where the bucket is, as a value of {@code --input}. */
    public String uri() {
        return root.toString();
    }

    /** Publishes lines in the slot that holds this second, as AWS does for records that end then. */
    public Path publish(long endSeconds, List<String> lines) {
        return publishBytes(endSeconds, gzip(String.join("\n", lines) + "\n"));
    }

    /** Publishes an object whose content may be no gzip at all. */
    public Path publishBytes(long endSeconds, byte[] content) {
        Instant slot = Instant.ofEpochSecond(Math.floorDiv(endSeconds, SLOT_SECONDS) * SLOT_SECONDS);
        String name = String.format(
                Locale.ROOT,
                "%s_vpcflowlogs_%s_%s_%s_%08x.log.gz",
                ACCOUNT,
                REGION,
                FLOW_LOG,
                SLOT.format(slot),
                ++objects);
        return write("AWSLogs/" + ACCOUNT + "/vpcflowlogs/" + REGION + "/" + DAY.format(slot) + "/" + name, content);
    }

    /** Puts any file anywhere below the root. */
    public Path write(String key, byte[] content) {
        try {
            Path file = root.resolve(key);
            Files.createDirectories(file.getParent());
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
