package io.flowsentinel.lifecycle;

import io.flowsentinel.model.OpenAge;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * Which events a connection gives while it lives.
 *
 * @param open whether its establishment is published
 * @param updateInterval how often a connection that goes on is published; null for never
 * @param ages at which it is told to whoever watches long connections, not published; ascending, may be empty
 */
public record LiveFeed(boolean open, Duration updateInterval, List<OpenAge> ages) implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Only the end is published. */
    public static final LiveFeed CLOSE_ONLY = new LiveFeed(false, null, List.of());

    /** The end, and long-lived connections every {@code interval}. */
    public static LiveFeed updatesEvery(Duration interval) {
        return new LiveFeed(false, interval, List.of());
    }

    /** In seconds; 0 for never. */
    long updateSeconds() {
        return updateInterval == null ? 0 : updateInterval.toSeconds();
    }
}
