package io.flowsentinel.source.discovery;

import java.io.Serializable;
import java.time.Duration;

/**
 * How objects are looked for.
 *
 * @param interval time between two looks, when continuous
 * @param fullInterval time between two looks that go as far back as {@code lookBack} and find new accounts and regions,
 *     when continuous
 * @param lookBack how far behind now a look goes for objects that are published late, when continuous
 * @param patience how long looks may fail in a row before the job does
 */
public record DiscoverySettings(Duration interval, Duration fullInterval, Duration lookBack, Duration patience)
        implements Serializable {

    /** The defaults of the configuration. */
    public static final DiscoverySettings DEFAULT = new DiscoverySettings(
            Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofDays(2), Duration.ofMinutes(5));
}
