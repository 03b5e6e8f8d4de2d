package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.sink.Feed;
import io.flowsentinel.source.discovery.Discovered;
import io.flowsentinel.source.discovery.LogObject;
import io.flowsentinel.source.discovery.ObjectDiscovery;
import io.flowsentinel.source.discovery.SlotRange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Names what came late of a finding, where a live job and a replay do not say the same: records in the late feed that are
 * about the same addresses at the time, and objects of its time that were published after a live job had closed their slot.
 */
final class LateReasons {

    private static final int MOST_NAMED = 3;
    private static final Duration AROUND = Duration.ofHours(1);

    /** Longer after its slot an object was not published but copied, and nobody knows when it was published. */
    private static final Duration COPIED = Duration.ofDays(7);

    private static final Duration SLOT = Duration.ofMinutes(5);
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9a-f]*:[0-9a-f:.]*");

    private final Duration maxDelay;

    /** By object and line: both runs may have found it late. */
    private final Map<String, JsonNode> late = new TreeMap<>();

    /** What is to be said of the objects of a slot that were published late. */
    private final NavigableMap<Long, List<String>> published = new TreeMap<>();

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

    /**
     * Looks at all objects of a range.
     *
     * @param listing of where they are
     */
    void read(ObjectDiscovery listing, SlotRange range) throws IOException {
        boolean complete = false;
        boolean anew = true;
        while (!complete) {
            Discovered discovered = listing.discover(range, anew);
            discovered.objects().forEach(this::note);
            complete = discovered.isComplete();
            anew = false;
        }
    }

    private void note(LogObject object) {
        if (object.slotSeconds() == LogObject.UNKNOWN_SLOT) {
            return;
        }
        Instant modified = Instant.ofEpochMilli(Long.parseLong(object.tag()));
        Duration after = Duration.between(Instant.ofEpochSecond(object.slotSeconds()), modified);
        if (after.compareTo(SLOT.plus(maxDelay)) > 0 && after.compareTo(COPIED) < 0) {
            published
                    .computeIfAbsent(object.slotSeconds(), first -> new ArrayList<>())
                    .add("published late: " + object.uri() + ", " + after.toMinutes() + " min after its slot began");
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
        published
                .subMap(
                        finding.firstSeen().minus(SLOT).getEpochSecond(),
                        finding.lastSeen().plus(SLOT).plus(maxDelay).getEpochSecond())
                .values()
                .forEach(reasons::addAll);
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
}
