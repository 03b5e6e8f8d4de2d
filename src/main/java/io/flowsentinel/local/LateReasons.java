package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.sink.Feed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.Path;

/**
 * Names what came late of a finding, where a live job and a replay do not say the same: records in the late feed that are
 * about the same addresses at the time, and objects of its records that were published after their slot had been closed.
 */
final class LateReasons {

    private static final int MOST_NAMED = 3;
    private static final Duration AROUND = Duration.ofHours(1);

    /** Longer after its slot an object was not published but copied, and nobody knows when it was published. */
    private static final Duration COPIED = Duration.ofDays(7);

    private static final Duration SLOT = Duration.ofMinutes(5);
    private static final Pattern SLOT_IN_NAME = Pattern.compile("_(\\d{8}T\\d{4})Z_[^/]*$");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9a-f]*:[0-9a-f:.]*");
    private static final DateTimeFormatter SLOT_FORMAT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Duration maxDelay;

    /** By object and line: both runs may have found it late. */
    private final Map<String, JsonNode> late = new TreeMap<>();

    /** How long after its slot's beginning an object was published; empty where nobody knows. */
    private final Map<String, Optional<Duration>> published = new ConcurrentHashMap<>();

    /** @param maxDelay for which a live job waits with a slot beyond its end */
    LateReasons(Duration maxDelay) {
        this.maxDelay = maxDelay;
    }

    /** Takes in the late feed of a run. */
    void read(Feeds feeds) throws IOException {
        for (JsonNode row : feeds.read(Feed.LATE)) {
            late.put(
                    row.path("object").asText() + " line "
                            + row.path("line_number").asLong(),
                    row);
        }
    }

    /** Each reason as one line, a few of them; empty where nothing late is known. */
    List<String> of(Finding finding) {
        List<String> reasons = new ArrayList<>();
        late.forEach((place, row) -> {
            if (isAbout(finding, row.path("record").asText())) {
                Duration by = Duration.ofMillis(row.path("late_by_ms").asLong());
                reasons.add("late record: " + place + ", by " + by.toSeconds() + " s");
            }
        });
        for (String object : finding.objects()) {
            published
                    .computeIfAbsent(object, LateReasons::publishedAfter)
                    .filter(after -> after.compareTo(SLOT.plus(maxDelay)) > 0 && after.compareTo(COPIED) < 0)
                    .ifPresent(after -> reasons.add(
                            "published late: " + object + ", " + after.toMinutes() + " min after its slot began"));
        }
        return reasons.size() <= MOST_NAMED ? reasons : cut(reasons);
    }

    private static List<String> cut(List<String> reasons) {
        List<String> named = new ArrayList<>(reasons.subList(0, MOST_NAMED));
        named.add("and " + (reasons.size() - MOST_NAMED) + " more");
        return named;
    }

    private static boolean isAbout(Finding finding, String record) {
        Collection<String> addresses = finding.entity().values().stream()
                .filter(value -> ADDRESS.matcher(value).matches())
                .toList();
        List<String> fields = Arrays.asList(record.split("[ ,\t]+"));
        return !addresses.isEmpty()
                && fields.containsAll(addresses)
                && fields.stream().anyMatch(field -> isAt(finding, field));
    }

    /** Whether a field of a record is a moment around a finding: its columns are not known here. */
    private static boolean isAt(Finding finding, String field) {
        if (!field.matches("\\d{10}")) {
            return false;
        }
        Instant moment = Instant.ofEpochSecond(Long.parseLong(field));
        return moment.isAfter(finding.firstSeen().minus(AROUND))
                && moment.isBefore(finding.lastSeen().plus(AROUND));
    }

    private static Optional<Duration> publishedAfter(String object) {
        Matcher slot = SLOT_IN_NAME.matcher(object);
        if (!slot.find()) {
            return Optional.empty();
        }
        try {
            Path path = new Path(object);
            Instant modified = Instant.ofEpochMilli(
                    path.getFileSystem().getFileStatus(path).getModificationTime());
            return Optional.of(Duration.between(SLOT_FORMAT.parse(slot.group(1), Instant::from), modified));
        } catch (IOException gone) {
            // The object is not needed any more, only asked about.
            return Optional.empty();
        }
    }
}
