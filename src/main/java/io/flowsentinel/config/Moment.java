package io.flowsentinel.config;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads a moment as ISO 8601 writes it: a date, or a date and a time; extended or basic format; with or without an
 * offset. UTC where no offset is named.
 */
final class Moment {

    private static final List<DateTimeFormatter> FORMATS = List.of(format("uuuu-MM-dd", ":"), format("uuuuMMdd", ""));

    private Moment() {}

    /** Empty for a text that is no moment. */
    static Optional<Instant> parse(String text) {
        return FORMATS.stream().flatMap(format -> parse(text, format).stream()).findFirst();
    }

    private static Optional<Instant> parse(String text, DateTimeFormatter format) {
        try {
            return Optional.of(
                    instant(format.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from)));
        } catch (DateTimeException e) {
            // Not this format: perhaps the next one.
            return Optional.empty();
        }
    }

    private static Instant instant(TemporalAccessor parsed) {
        if (parsed instanceof OffsetDateTime moment) {
            return moment.toInstant();
        }
        LocalDateTime local = parsed instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) parsed;
        return local.toInstant(ZoneOffset.UTC);
    }

    /** Minutes, seconds and their fraction may be missing; so may the whole time. */
    private static DateTimeFormatter format(String date, String separator) {
        String quoted = separator.isEmpty() ? "" : "'" + separator + "'";
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(date + "['T'HH[" + quoted + "mm[" + quoted + "ss")
                .optionalStart()
                .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
                .optionalEnd()
                .appendPattern("]][XXX][XX][X]]")
                .toFormatter(Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT);
    }
}
