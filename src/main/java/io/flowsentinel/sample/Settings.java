package io.flowsentinel.sample;

import java.time.Duration;
import java.time.Instant;

/**
 * What to generate. The same settings give the same bytes.
 *
 * @param seed seed of all randomness
 * @param start first instant of the sample; a multiple of five minutes
 * @param duration how much time the sample covers; a positive multiple of five minutes
 * @param scale factor on the traffic of users and the internet; housekeeping and incidents do not grow. Above 0
 */
public record Settings(long seed, Instant start, Duration duration, double scale) {

    /** The sample of the repository. */
    public static final Settings REPOSITORY_SAMPLE =
            new Settings(20260115, Instant.parse("2026-01-15T09:00:00Z"), Duration.ofHours(3), 1);

    private static final long SLOT_SECONDS = ObjectWriter.SLOT_SECONDS;

    /** Measured at scales 1 and 50. */
    private static final double FIXED_RECORDS_PER_HOUR = 6_700;

    private static final double SCALED_RECORDS_PER_HOUR = 6_080;

    public Settings {
        if (start.getEpochSecond() % SLOT_SECONDS != 0 || start.getNano() != 0) {
            throw new IllegalArgumentException("start '" + start + "' is not a multiple of five minutes");
        }
        if (duration.isZero() || duration.isNegative() || duration.toMillis() % (SLOT_SECONDS * 1000) != 0) {
            throw new IllegalArgumentException(
                    "duration '" + duration + "' is not a positive multiple of five minutes");
        }
        if (!(scale > 0)) {
            throw new IllegalArgumentException("scale '" + scale + "' is not above 0");
        }
    }

    /** The same, with the scale that gives about so many records. Never below the housekeeping's own records. */
    public Settings withRecords(long records) {
        double hours = duration.toMillis() / 3_600_000.0;
        double wanted = (records / hours - FIXED_RECORDS_PER_HOUR) / SCALED_RECORDS_PER_HOUR;
        return new Settings(seed, start, duration, Math.max(0.01, wanted));
    }

    long startMillis() {
        return start.toEpochMilli();
    }

    long endMillis() {
        return start.plus(duration).toEpochMilli();
    }
}
