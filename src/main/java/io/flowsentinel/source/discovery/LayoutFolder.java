package io.flowsentinel.source.discovery;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a folder is in the layout of {@link ObjectName}.
 *
 * @param kind where in the layout it stands
 * @param account the account in its key; empty where that names none
 * @param region the region in its key; empty where that names none
 */
record LayoutFolder(Kind kind, String account, String region) {

    /** Where in the layout a folder stands. */
    enum Kind {
        /** May have {@code AWSLogs} somewhere below. */
        PREFIX,

        /** On the way from {@code AWSLogs} to the regions. */
        TRUNK,

        /** A region of one account: the years are below. */
        REGION,

        /** A year, month, day or hour. */
        DATED,

        /** No flow log object can be below: another service's logs, or something else. */
        FOREIGN
    }

    private static final String AWS_LOGS = "AWSLogs";

    /** Also the parts of {@link ObjectName#UP_TO_REGION}, each optional from the right. */
    private static final Pattern TRUNK = Pattern.compile("(?:.+/)?AWSLogs(?:/o-[a-z0-9]+)?"
            + "(?:/(?:aws-account-id=)?(?<account>\\d{12})(?:/(?:(?:aws-)?service=)?vpcflowlogs)?)?");

    private static final Pattern REGION = Pattern.compile("(?:.+/)?" + ObjectName.UP_TO_REGION);

    private static final Pattern BELOW_REGION = Pattern.compile("(?:.+/)?" + ObjectName.UP_TO_REGION + "/.+");

    /** Reads the key of a folder, without slashes at its ends; the empty key is a whole bucket. */
    static LayoutFolder ofKey(String key) {
        Matcher region = REGION.matcher(key);
        if (region.matches()) {
            return at(Kind.REGION, region);
        }
        Matcher trunk = TRUNK.matcher(key);
        if (trunk.matches()) {
            String account = trunk.group("account");
            return new LayoutFolder(Kind.TRUNK, account == null ? "" : account, "");
        }
        Matcher below = BELOW_REGION.matcher(key);
        if (below.matches()) {
            return at(DatedFolder.ofKey(key).isPresent() ? Kind.DATED : Kind.FOREIGN, below);
        }
        return new LayoutFolder(isBelowLogs(key) ? Kind.FOREIGN : Kind.PREFIX, "", "");
    }

    boolean isWanted(ObjectFilter filter) {
        return (account.isEmpty() || filter.wantsAccount(account)) && (region.isEmpty() || filter.wantsRegion(region));
    }

    private static LayoutFolder at(Kind kind, Matcher match) {
        return new LayoutFolder(kind, match.group("folderAccount"), match.group("folderRegion"));
    }

    private static boolean isBelowLogs(String key) {
        return ("/" + key + "/").contains("/" + AWS_LOGS + "/");
    }
}
