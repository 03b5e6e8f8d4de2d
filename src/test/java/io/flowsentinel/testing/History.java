package io.flowsentinel.testing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket with as much history as a test wants: objects of every slot of some days. {@link HistoryFileSystem} shows it
 * below {@link #uri()}.
 *
 * @param accounts how many
 * @param regions how many an account
 * @param days how many up to and with the last one
 * @param perSlot how many objects in each of a region's 288 slots a day
 * @param lastDay UTC
 * @param hive whether folders are Hive-compatible
 * @param hours whether days have folders of hours
 */
public record History(
        int accounts, int regions, int days, int perSlot, LocalDate lastDay, boolean hive, boolean hours) {

    public static final int SLOTS_A_DAY = 288;

    private static final LocalDate LAST_DAY = LocalDate.of(2025, 12, 31);
    private static final long FIRST_ACCOUNT = 100_000_000_000L;
    private static final List<String> REGIONS = List.of(
            "ap-northeast-1",
            "ap-south-1",
            "ap-southeast-2",
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-west-1",
            "sa-east-1",
            "us-east-1",
            "us-west-2");

    private static final Pattern HOST = Pattern.compile("logs-(\\d+)x(\\d+)x(\\d+)x(\\d+)-(\\d{8})(-hive)?(-hours)?");

    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter SLOT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'").withZone(ZoneOffset.UTC);

    /** In the plain layout, up to the end of 2025. */
    public static History of(int accounts, int regions, int days, int perSlot) {
        if (regions > REGIONS.size()) {
            throw new IllegalArgumentException(regions + " regions; there are names for " + REGIONS.size());
        }
        return new History(accounts, regions, days, perSlot, LAST_DAY, false, false);
    }

    public History until(LocalDate day) {
        return new History(accounts, regions, days, perSlot, day, hive, hours);
    }

    public History hiveCompatible() {
        return new History(accounts, regions, days, perSlot, lastDay, true, hours);
    }

    public History withHours() {
        return new History(accounts, regions, days, perSlot, lastDay, hive, true);
    }

    /** The whole bucket, as a root to read. */
    public String uri() {
        return HistoryFileSystem.SCHEME + "://" + host() + "/";
    }

    /** How many objects there are, without those that were published. */
    public long objects() {
        return (long) accounts * regions * days * SLOTS_A_DAY * perSlot;
    }

    /** The account of this number, from 0; later ones than the history has are new accounts. */
    public static String account(int number) {
        return Long.toString(FIRST_ACCOUNT + number);
    }

    /** The region of this number, from 0. */
    public static String region(int number) {
        return REGIONS.get(number);
    }

    /** The key of an object as this history lays them out, whether it has this object or not. */
    public String key(String account, String region, Instant slot, String hash) {
        String name = fileName(account, region, slot, hash);
        String time = SLOT.format(slot);
        String folder = String.join(
                "/",
                "AWSLogs",
                partition("aws-account-id", account),
                partition("aws-service", "vpcflowlogs"),
                partition("aws-region", region),
                partition("year", time.substring(0, 4)),
                partition("month", time.substring(4, 6)),
                partition("day", time.substring(6, 8)));
        return folder + (hours ? "/" + partition("hour", time.substring(9, 11)) : "") + "/" + name;
    }

    static String fileName(String account, String region, Instant slot, String hash) {
        return account + "_vpcflowlogs_" + region + "_fl-0123456789abcdef0_" + SLOT.format(slot) + "_" + hash
                + ".log.gz";
    }

    /** How a value's folder is named; plain folders are named by the value alone. */
    String partition(String name, String value) {
        return hive ? name + "=" + value : value;
    }

    LocalDate firstDay() {
        return lastDay.minusDays(days - 1L);
    }

    String host() {
        return "logs-" + accounts + "x" + regions + "x" + days + "x" + perSlot + "-" + DAY.format(lastDay)
                + (hive ? "-hive" : "") + (hours ? "-hours" : "");
    }

    static History ofHost(String host) {
        Matcher parts = HOST.matcher(host);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + host + "' is no history; expected for example "
                    + of(10, 1, 347, 1).hiveCompatible().withHours().host());
        }
        return new History(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                Integer.parseInt(parts.group(4)),
                LocalDate.parse(parts.group(5), DAY),
                parts.group(6) != null,
                parts.group(7) != null);
    }
}
