package io.flowsentinel.day;

import java.time.Duration;
import java.time.Instant;

/** When things happen: the log begins in the evening before the day and ends at its midnight. */
final class Clock {

    /** Midnight at which the day begins. */
    static final Instant DAY = Instant.parse("2026-03-04T00:00:00Z");

    static final Instant START = DAY.minus(Duration.ofHours(6));
    static final Instant END = DAY.plus(Duration.ofHours(24));
    static final int MINUTES = (int) Duration.between(START, END).toMinutes();

    private static final int EVENING_MINUTES =
            (int) Duration.between(START, DAY).toMinutes();

    private Clock() {}

    /** The index of a minute of the day. */
    static int at(int hour, int minute) {
        return EVENING_MINUTES + hour * 60 + minute;
    }

    /** The index of a minute of the evening before. */
    static int eveningAt(int hour, int minute) {
        return at(hour - 24, minute);
    }
}
