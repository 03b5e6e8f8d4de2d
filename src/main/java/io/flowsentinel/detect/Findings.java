package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.OpenFindings;
import io.flowsentinel.detect.judging.Sighting;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The findings of one key of one group: the open episodes, and the days that are closed. Read only when judging. */
final class Findings implements OpenFindings {

    /** How many episodes of a key may be open in each feed; beyond it nothing more is begun. */
    static final int MAX_OPEN = 2_000;

    final TreeMap<String, Episode> episodes = new TreeMap<>();
    /** Closed day findings by episode key: a connection of that day may end later. */
    final TreeMap<String, Episode> closedDays = new TreeMap<>();

    boolean isEmpty() {
        return episodes.isEmpty() && closedDays.isEmpty();
    }

    @Override
    public boolean has(Sighting sighting) {
        return episodes.containsKey(sighting.episodeKey());
    }

    @Override
    public String firstOf(Predicate<String> ruleIds) {
        return episodes.values().stream()
                .filter(episode -> !episode.suppressed() && ruleIds.test(episode.ruleId))
                .map(episode -> episode.findingId)
                .findFirst()
                .orElse(null);
    }

    /** Whether no more may be begun that are suppressed, or that are not. */
    boolean full(boolean suppressed) {
        return episodes.size() >= MAX_OPEN
                && episodes.values().stream()
                                .filter(episode -> episode.suppressed() == suppressed)
                                .count()
                        >= MAX_OPEN;
    }

    Findings copy() {
        Findings copy = new Findings();
        for (Map.Entry<String, Episode> episode : episodes.entrySet()) {
            copy.episodes.put(episode.getKey(), episode.getValue().copy());
        }
        for (Map.Entry<String, Episode> closed : closedDays.entrySet()) {
            copy.closedDays.put(closed.getKey(), closed.getValue().copy());
        }
        return copy;
    }
}
