package io.flowsentinel.local;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** The progress of a job in words, with the rate since it was last asked. */
final class ProgressText {

    private static final long SECONDS_A_DAY = 86_400;

    /** Event time moves on by slots of minutes, and the line is to fit into 80 columns. */
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Progress last = new Progress(0, 0, false, 0, 0);
    private final boolean live;
    private final Optional<TimeLeft> timeLeft;
    private long lastNanos;

    /**
     * Words for one job.
     *
     * @param nowNanos of {@link System#nanoTime}
     * @param live whether the job follows the present: the lag of one that reads history says how old that is
     */
    ProgressText(long nowNanos, boolean live) {
        this(nowNanos, live, Optional.empty());
    }

    /** @param timeLeft estimates how long the job still takes, where it has an end */
    ProgressText(long nowNanos, boolean live, Optional<TimeLeft> timeLeft) {
        this.lastNanos = nowNanos;
        this.live = live;
        this.timeLeft = timeLeft;
    }

    /**
     * One line.
     *
     * @param nowNanos of {@link System#nanoTime}
     * @param now the present, to which the lag is measured
     */
    String of(Progress progress, long nowNanos, Instant now) {
        double seconds = Math.max(1, nowNanos - lastNanos) / 1e9;
        long rate = Math.max(0, Math.round((progress.lines() - last.lines()) / seconds));
        last = progress;
        lastNanos = nowNanos;
        String line = String.format(
                Locale.ROOT,
                "objects %,d / %,d%s  records %,d  %,d records/s  %s",
                progress.objectsFinished(),
                progress.objectsFound(),
                progress.allFound() ? "" : "+",
                progress.lines(),
                rate,
                eventTime(progress.eventTimeSeconds(), now));
        return timeLeft.flatMap(estimate -> estimate.of(progress, nowNanos))
                .map(left -> line + "  left " + lag(left))
                .orElse(line);
    }

    private String eventTime(long seconds, Instant now) {
        if (seconds <= 0 || seconds > now.getEpochSecond() + SECONDS_A_DAY) {
            return live ? "event time -  lag -" : "event time -";
        }
        Instant reached = Instant.ofEpochSecond(seconds);
        return "event time " + MINUTE.format(reached) + (live ? "  lag " + lag(Duration.between(reached, now)) : "");
    }

    private static String lag(Duration lag) {
        long seconds = Math.max(0, lag.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 2 * 3_600) {
            return seconds / 60 + " min";
        }
        return seconds < 2 * SECONDS_A_DAY ? seconds / 3_600 + " h" : seconds / SECONDS_A_DAY + " d";
    }
}
