package io.flowsentinel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.sample.GenerateLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * The logs of the hour up to the end of the present slot, as far as they are published: a live job waits for more objects
 * of the last slots, which are not closed before the test is long over.
 */
public final class RecentLogs {

    public static final Duration SLOT = Duration.ofMinutes(5);

    private static final Pattern SLOT_OF_OBJECT = Pattern.compile("_(\\d{8}T\\d{4}Z)_");
    private static final DateTimeFormatter SLOT_FORMAT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path all;
    private final Path bucket;
    private final Instant end;

    private RecentLogs(Path all, Path bucket, Instant end) {
        this.all = all;
        this.bucket = bucket;
        this.end = end;
    }

    /** Writes them to a folder, and publishes none. */
    public static RecentLogs below(Path folder) {
        long slot = Math.floorDiv(Instant.now().getEpochSecond(), SLOT.toSeconds());
        Instant end = Instant.ofEpochSecond((slot + 1) * SLOT.toSeconds());
        Path all = folder.resolve("all");
        String start = end.minus(Duration.ofHours(1)).toString();
        int exitCode = new CommandLine(new GenerateLogs())
                .execute("--output", all.toString(), "--hours", "1", "--scale", "0.3", "--start", start);
        assertThat(exitCode).isZero();
        return new RecentLogs(all, folder.resolve("bucket"), end);
    }

    /** Where the published ones are. */
    public Path bucket() {
        return bucket;
    }

    /** The end of the present slot. */
    public Instant end() {
        return end;
    }

    /** Publishes the objects of some delivery slots. */
    public void publish(Predicate<Instant> slots) throws IOException {
        try (Stream<Path> files = Files.walk(all)) {
            List<Path> objects = files.filter(Files::isRegularFile).toList();
            for (Path object : objects) {
                Matcher slot = SLOT_OF_OBJECT.matcher(object.toString());
                assertThat(slot.find()).as(object.toString()).isTrue();
                if (slots.test(SLOT_FORMAT.parse(slot.group(1), Instant::from))) {
                    Path copy = bucket.resolve(all.relativize(object).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(object, copy);
                }
            }
        }
    }
}
