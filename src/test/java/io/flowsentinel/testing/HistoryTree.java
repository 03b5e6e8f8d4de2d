package io.flowsentinel.testing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The folders and objects of a history, worked out anew for each question. */
final class HistoryTree {

    private static final int SLOT_SECONDS = 300;
    private static final int SLOTS_AN_HOUR = 12;

    /** Folders above an object: AWSLogs, account, service, region, year, month, day. */
    private static final int LEVELS = 7;

    private final History history;

    HistoryTree(History history) {
        this.history = history;
    }

    /** Names of the folders directly below, or of objects; empty if the history has no such folder. */
    Optional<List<String>> children(List<String> folder) {
        if (folder.size() > levels()) {
            return Optional.empty();
        }
        for (int level = 0; level < folder.size(); level++) {
            if (!names(folder.subList(0, level)).contains(folder.get(level))) {
                return Optional.empty();
            }
        }
        return Optional.of(names(folder));
    }

    /** Whether what is in a folder so deep are objects. */
    boolean holdsObjects(int depth) {
        return depth == levels();
    }

    private int levels() {
        return history.hours() ? LEVELS + 1 : LEVELS;
    }

    /** @param folder exists */
    private List<String> names(List<String> folder) {
        return switch (folder.size()) {
            case 0 -> List.of("AWSLogs");
            case 1 -> numbered("aws-account-id", history.accounts(), History::account);
            case 2 -> List.of(history.partition("aws-service", "vpcflowlogs"));
            case 3 -> numbered("aws-region", history.regions(), History::region);
            case 4 -> years();
            case 5 -> months(value(folder, 4));
            case 6 -> days(value(folder, 4), value(folder, 5));
            case 7 -> history.hours() ? numbered("hour", 24, HistoryTree::twoDigits) : objects(folder);
            default -> objects(folder);
        };
    }

    private List<String> years() {
        return IntStream.rangeClosed(
                        history.firstDay().getYear(), history.lastDay().getYear())
                .mapToObj(year -> history.partition("year", Integer.toString(year)))
                .toList();
    }

    private List<String> months(int year) {
        return IntStream.rangeClosed(1, 12)
                .mapToObj(month -> YearMonth.of(year, month))
                .filter(month -> !month.atEndOfMonth().isBefore(history.firstDay()))
                .filter(month -> !month.atDay(1).isAfter(history.lastDay()))
                .map(month -> history.partition("month", twoDigits(month.getMonthValue())))
                .toList();
    }

    private List<String> days(int year, int month) {
        YearMonth ofYear = YearMonth.of(year, month);
        return IntStream.rangeClosed(1, ofYear.lengthOfMonth())
                .mapToObj(ofYear::atDay)
                .filter(day -> !day.isBefore(history.firstDay()) && !day.isAfter(history.lastDay()))
                .map(day -> history.partition("day", twoDigits(day.getDayOfMonth())))
                .toList();
    }

    private List<String> objects(List<String> folder) {
        String account = text(folder, 1);
        String region = text(folder, 3);
        LocalDate day = LocalDate.of(value(folder, 4), value(folder, 5), value(folder, 6));
        int hour = history.hours() ? value(folder, LEVELS) : 0;
        int slots = history.hours() ? SLOTS_AN_HOUR : History.SLOTS_A_DAY;
        Instant start = day.atTime(hour, 0).toInstant(ZoneOffset.UTC);
        List<String> names = new ArrayList<>(slots * history.perSlot());
        for (int slot = 0; slot < slots; slot++) {
            for (int number = 0; number < history.perSlot(); number++) {
                String hash = hash(number);
                names.add(History.fileName(account, region, start.plusSeconds((long) slot * SLOT_SECONDS), hash));
            }
        }
        return names;
    }

    private List<String> numbered(String partition, int count, IntFunction<String> name) {
        return IntStream.range(0, count)
                .mapToObj(number -> history.partition(partition, name.apply(number)))
                .toList();
    }

    private static String hash(int number) {
        return String.format(Locale.ROOT, "%08x", number);
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    private static int value(List<String> folder, int level) {
        return Integer.parseInt(text(folder, level));
    }

    private static String text(List<String> folder, int level) {
        String name = folder.get(level);
        return name.substring(name.indexOf('=') + 1);
    }
}
