package io.flowsentinel.detect.settings;

import io.flowsentinel.detect.settings.RuleSettings.Mode;
import io.flowsentinel.model.Alert.Severity;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.flink.util.TimeUtils;

/** The values a rules file may hold. Each reader throws an IllegalArgumentException or a DateTimeException. */
final class RuleValues {

    static final Duration DAY = Duration.ofDays(1);

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final Pattern TECHNIQUE = Pattern.compile("T\\d{4}(?:\\.\\d{3})?");

    private RuleValues() {}

    static Mode mode(String text) {
        return switch (text) {
                // YAML 1.1 readers take a bare off for false; this one leaves it a text.
            case "off" -> Mode.OFF;
            case "dry-run" -> Mode.DRY_RUN;
            case "live" -> Mode.LIVE;
            default -> throw new IllegalArgumentException(text);
        };
    }

    static Severity severity(String text) {
        return switch (text) {
            case "informational" -> Severity.INFORMATIONAL;
            case "low" -> Severity.LOW;
            case "medium" -> Severity.MEDIUM;
            case "high" -> Severity.HIGH;
            default -> throw new IllegalArgumentException(text);
        };
    }

    /** As Flink writes durations: {@code 15m}, {@code 15 min}, {@code 1 h}. */
    static Duration duration(String text) {
        return TimeUtils.parseDuration(text);
    }

    static Duration window(String text) {
        Duration window = duration(text);
        if (window.compareTo(SHORTEST) < 0 || window.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(text);
        }
        return window;
    }

    static Duration longWindow(String text) {
        Duration window = duration(text);
        if (window.compareTo(DAY) < 0 || window.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException(text);
        }
        return window;
    }

    /** A share of a whole. */
    static Double share(String text) {
        double share = Double.parseDouble(text);
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(text);
        }
        return share;
    }

    static Function<String, Long> whole(long least, long most) {
        return text -> {
            long value = Long.parseLong(text);
            if (value < least || value > most) {
                throw new IllegalArgumentException(text);
            }
            return value;
        };
    }

    static Integer port(String text) {
        return whole(0, 65_535).apply(text).intValue();
    }

    static Integer protocol(String text) {
        return whole(0, 255).apply(text).intValue();
    }

    static Set<Integer> portRange(String text) {
        int dash = text.indexOf('-');
        int first = port(dash < 0 ? text : text.substring(0, dash));
        int last = port(dash < 0 ? text : text.substring(dash + 1));
        if (first > last) {
            throw new IllegalArgumentException(text);
        }
        Set<Integer> ports = new TreeSet<>();
        for (int port = first; port <= last; port++) {
            ports.add(port);
        }
        return ports;
    }

    static String technique(String text) {
        if (!TECHNIQUE.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    static String word(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("blank");
        }
        return text.strip();
    }

    /** Epoch seconds of the day's first moment, UTC. */
    static Long day(String text) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    }
}
