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
import java.util.zip.GZIPOutputStream;

/** A folder of objects named as AWS names them. */
public final class LogTree {

    public static final String ACCOUNT = "123456789012";

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'").withZone(ZoneOffset.UTC);

    private final Path root;

    public LogTree(Path root) {
        this.root = root;
    }

    public String uri() {
        return root.toUri().toString();
    }

    /** The key of an object of a slot in the plain layout. */
    public static String key(Instant slot, String hash) {
        return "AWSLogs/" + ACCOUNT + "/vpcflowlogs/eu-west-1/" + DAY.format(slot) + "/" + ACCOUNT
                + "_vpcflowlogs_eu-west-1_fl-0123456789abcdef0_" + MINUTE.format(slot) + "_" + hash + ".log.gz";
    }

    /** Writes an object of a slot; each line goes out with a line feed. */
    public LogTree object(Instant slot, String hash, String... lines) {
        return file(key(slot, hash), gzip(lines));
    }

    public LogTree file(String key, byte[] bytes) {
        try {
            Path file = root.resolve(key);
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public static byte[] gzip(String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append('\n');
        }
        return gzip(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return out.toByteArray();
    }
}
