package io.flowsentinel.source.discovery;

import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Which objects are wanted, by what their names tell. An empty set wants all. An object that the user has named, and
 * whose name tells nothing, is always wanted.
 *
 * @param accounts of 12 digits
 * @param regions such as {@code eu-west-1}
 * @param flowLogs such as {@code fl-0123456789abcdef0}
 */
public record ObjectFilter(TreeSet<String> accounts, TreeSet<String> regions, TreeSet<String> flowLogs)
        implements Serializable {

    /** Wants all. */
    public static final ObjectFilter NONE = of(List.of(), List.of(), List.of());

    public static ObjectFilter of(
            Collection<String> accounts, Collection<String> regions, Collection<String> flowLogs) {
        return new ObjectFilter(new TreeSet<>(accounts), new TreeSet<>(regions), new TreeSet<>(flowLogs));
    }

    boolean wantsAccount(String account) {
        return accounts.isEmpty() || accounts.contains(account);
    }

    boolean wantsRegion(String region) {
        return regions.isEmpty() || regions.contains(region);
    }

    boolean wants(ObjectName name) {
        return wantsAccount(name.account())
                && wantsRegion(name.region())
                && (flowLogs.isEmpty() || flowLogs.contains(name.flowLogId()));
    }
}
