package io.flowsentinel.source;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the files below the roots that are no objects, each once, and names the first of them in the log. */
final class StrayBook {

    private static final Logger LOG = LoggerFactory.getLogger(StrayBook.class);

    /** How many names reach the log in the life of a job; the count goes on. */
    private static final int NAMED = 20;

    /** Each is 16 bytes of every checkpoint. */
    private static final int MOST_KNOWN = 100_000;

    private final Set<Fingerprint> known;
    private long count;
    private int named;

    StrayBook(DiscoveryProgress progress) {
        this.known = new HashSet<>(progress.strays());
        this.count = progress.strayCount();
    }

    /** Counts those not seen before; above {@link #MOST_KNOWN} nobody could tell, and the count stands still. */
    void found(List<String> strays) {
        List<String> names = new ArrayList<>();
        long before = count;
        for (String stray : strays) {
            if (known.size() < MOST_KNOWN && known.add(Fingerprint.of(stray))) {
                count++;
                if (named < NAMED) {
                    named++;
                    names.add(stray);
                }
            }
        }
        if (count > before) {
            say(count - before, names);
        }
    }

    long count() {
        return count;
    }

    Set<Fingerprint> known() {
        return known;
    }

    private void say(long strays, List<String> names) {
        if (!names.isEmpty()) {
            long unnamed = strays - names.size();
            LOG.warn(
                    "{}, counted as strays and not read: {}{}",
                    strays == 1 ? "1 file is no flow log object" : strays + " files are no flow log objects",
                    String.join(", ", names),
                    unnamed == 0 ? "" : " and " + unnamed + " more");
        }
        if (known.size() == MOST_KNOWN) {
            LOG.warn("{} strays: further ones are not counted", count);
        }
    }
}
