package io.flowsentinel.source.discovery;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a flow log object tells. The pattern is strict, since other logs and test writes share prefixes; the
 * layouts are those of "Flow log files" in the VPC User Guide: plain and Hive-compatible, each with or without hours,
 * with {@code service=} as the transit gateway guide spells it, and with the segment of an organisation.
 *
 * @param slotSeconds start of the delivery slot, epoch seconds
 * @param account of the file name
 * @param region of the file name
 * @param flowLogId such as {@code fl-0123456789abcdef0}
 */
record ObjectName(long slotSeconds, String account, String region, String flowLogId) {

    /** The folders from {@code AWSLogs} to the region. Shared with {@link DatedFolder} and {@link LayoutFolder}. */
    static final String UP_TO_REGION = "AWSLogs/(?:o-[a-z0-9]+/)?(?:aws-account-id=)?(?<folderAccount>\\d{12})/"
            + "(?:(?:aws-)?service=)?vpcflowlogs/(?:aws-region=)?(?<folderRegion>[a-z0-9-]+)";

    /** The layout in words, for whoever has a bucket with another one. */
    static final String EXPECTED = "AWSLogs/<account>/vpcflowlogs/<region>/<yyyy>/<mm>/<dd>/"
            + "<account>_vpcflowlogs_<region>_fl-<id>_<time>_<hash>.log.gz";

    private static final String FILE = "(?<account>\\d{12})_vpcflowlogs_(?<region>[a-z0-9-]+)_(?<flowLog>fl-[0-9a-f]+)_"
            + "(?<time>\\d{8}T\\d{4})Z_[^./]+\\.log\\.(?:gz|parquet)";

    private static final Pattern KEY = Pattern.compile("(?:.+/)?" + UP_TO_REGION
            + "/(?:year=)?\\d{4}/(?:month=)?\\d\\d/(?:day=)?\\d\\d/(?:(?:hour=)?\\d\\d/)?" + FILE);

    private static final Pattern FILE_NAME = Pattern.compile(FILE);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm");

    /** Reads a whole key, without a slash in front; empty for a stray. */
    static Optional<ObjectName> ofKey(String key) {
        return read(KEY.matcher(key));
    }

    /** Reads a file name without its folders; empty if it is not named as AWS names objects. */
    static Optional<ObjectName> ofFileName(String name) {
        return read(FILE_NAME.matcher(name));
    }

    private static Optional<ObjectName> read(Matcher name) {
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            LocalDateTime time = LocalDateTime.parse(name.group("time"), TIME);
            return Optional.of(new ObjectName(
                    Slots.of(time.toEpochSecond(ZoneOffset.UTC)),
                    name.group("account"),
                    name.group("region"),
                    name.group("flowLog")));
        } catch (DateTimeException noSuchTime) {
            return Optional.empty();
        }
    }
}
