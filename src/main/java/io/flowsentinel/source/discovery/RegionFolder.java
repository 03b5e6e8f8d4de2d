package io.flowsentinel.source.discovery;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.fs.Path;

/**
 * The folder of one region of one account, whose day folders can be named without listing years and months.
 *
 * @param path the folder
 * @param hive whether its days are {@code year=.../month=.../day=...} rather than {@code yyyy/mm/dd}
 */
record RegionFolder(Path path, boolean hive) {

    private static final long SECONDS_A_DAY = 86_400;

    private static final DateTimeFormatter PLAIN = DateTimeFormatter.ofPattern("uuuu/MM/dd");
    private static final DateTimeFormatter HIVE = DateTimeFormatter.ofPattern("'year='uuuu'/month='MM'/day='dd");

    /** Reads the region from one of its year folders. */
    static RegionFolder ofYear(Path year) {
        return new RegionFolder(year.getParent(), year.getName().startsWith("year="));
    }

    /** The days that touch {@code [from, to]}, epoch seconds, whether they are there or not. */
    List<TimedFolder> days(long from, long to) {
        List<TimedFolder> days = new ArrayList<>();
        for (long day = Math.floorDiv(from, SECONDS_A_DAY); day * SECONDS_A_DAY <= to; day++) {
            LocalDate date = LocalDate.ofEpochDay(day);
            long start = date.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
            Path folder = new Path(path, (hive ? HIVE : PLAIN).format(date));
            days.add(new TimedFolder(new DatedFolder(start, start + SECONDS_A_DAY), folder));
        }
        return days;
    }
}
