package io.flowsentinel.source.discovery;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time a year, month, day or hour folder stands for, by which listings are pruned.
 *
 * @param start epoch seconds
 * @param end epoch seconds, exclusive
 */
record DatedFolder(long start, long end) {

    /** The time in an object's name has meant start and end of its window: two windows on each side are listed too. */
    static final long MARGIN = 2 * Slots.LENGTH;

    private static final long SECONDS_A_DAY = 86_400;
    private static final long LONGEST_MONTH_DAYS = 31;

    private static final Pattern FOLDER = Pattern.compile("(?:.+/)?" + ObjectName.UP_TO_REGION
            + "/(?:year=)?(?<year>\\d{4})(?:/(?:month=)?(?<month>\\d\\d)(?:/(?:day=)?(?<day>\\d\\d)"
            + "(?:/(?:hour=)?(?<hour>\\d\\d))?)?)?");

    /** Reads the key of a folder, without slashes at its ends; empty for a folder that stands for no time. */
    static Optional<DatedFolder> ofKey(String key) {
        Matcher folder = FOLDER.matcher(key);
        if (!folder.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(folder));
        } catch (DateTimeException noSuchTime) {
            return Optional.empty();
        }
    }

    boolean isDayOrHour() {
        return end - start <= SECONDS_A_DAY;
    }

    boolean isYear() {
        return end - start > LONGEST_MONTH_DAYS * SECONDS_A_DAY;
    }

    boolean mayHold(SlotRange range) {
        return range.overlaps(start, end, MARGIN);
    }

    private static DatedFolder read(Matcher folder) {
        LocalDateTime start = LocalDateTime.of(
                number(folder, "year", 1),
                number(folder, "month", 1),
                number(folder, "day", 1),
                number(folder, "hour", 0),
                0);
        LocalDateTime end;
        if (folder.group("hour") != null) {
            end = start.plusHours(1);
        } else if (folder.group("day") != null) {
            end = start.plusDays(1);
        } else if (folder.group("month") != null) {
            end = start.plusMonths(1);
        } else {
            end = start.plusYears(1);
        }
        return new DatedFolder(start.toEpochSecond(ZoneOffset.UTC), end.toEpochSecond(ZoneOffset.UTC));
    }

    private static int number(Matcher folder, String group, int absent) {
        String digits = folder.group(group);
        return digits == null ? absent : Integer.parseInt(digits);
    }
}
