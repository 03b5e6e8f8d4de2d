package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.sink.Feed;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The findings of a feed, alerts and suppressed ones, each as its messages in a time have it. */
final class FindingBook {

    private static final List<String> ACTIVITIES = List.of("create", "update", "close");

    /** In which messages were decided: of one moment, as a finding goes. */
    static final Comparator<AlertFields> ORDER =
            Comparator.comparing(AlertFields::time).thenComparing(alert -> ACTIVITIES.indexOf(alert.activity()));

    private FindingBook() {}

    /**
     * Reads them.
     *
     * @param range in which messages count
     */
    static SortedMap<String, Finding> of(Feeds feeds, ComparedRange range) throws IOException {
        Map<String, AlertFields> first = new HashMap<>();
        Map<String, AlertFields> last = new HashMap<>();
        for (Feed feed : List.of(Feed.ALERTS, Feed.SUPPRESSED)) {
            for (JsonNode message : feeds.read(feed)) {
                AlertFields alert = new AlertFields(message);
                if (range.contains(alert.time())) {
                    first.merge(alert.findingId(), alert, (one, other) -> ORDER.compare(one, other) <= 0 ? one : other);
                    last.merge(alert.findingId(), alert, (one, other) -> ORDER.compare(one, other) > 0 ? one : other);
                }
            }
        }
        SortedMap<String, Finding> findings = new TreeMap<>();
        last.forEach((id, alert) -> findings.put(id, Finding.of(first.get(id), alert)));
        return findings;
    }
}
