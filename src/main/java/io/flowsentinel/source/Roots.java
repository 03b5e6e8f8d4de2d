package io.flowsentinel.source;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The places a reading is of, each with the first slot of which its objects count. A place that a restored reading did not
 * know begins behind what that one had closed: of earlier slots event time is over, and their records would only be late.
 * Places that it did know go on where they were.
 *
 * <p>A place is told by its text, and the objects below it by theirs: {@code s3://bucket/a} lies below {@code s3://bucket}.
 */
final class Roots {

    /** Epoch seconds by place; {@link Long#MIN_VALUE} where the range alone bounds it. */
    private final TreeMap<String, Long> begins;

    /** Of objects from there on nothing more has to be looked at: most of them. */
    private final long latestBegin;

    private Roots(Map<String, Long> begins) {
        this.begins = new TreeMap<>(begins);
        this.latestBegin =
                begins.values().stream().mapToLong(begin -> begin).max().orElse(Long.MIN_VALUE);
    }

    /** Of a reading that begins, or that goes on from {@code restored}. */
    static Roots of(List<String> configured, DiscoveryProgress restored) {
        Map<String, Long> begins = new TreeMap<>();
        boolean anyKnown = !restored.roots().isEmpty();
        for (String root : configured) {
            String place = place(root);
            begins.put(place, anyKnown ? beginOf(place, restored) : Long.MIN_VALUE);
        }
        List<String> own = List.copyOf(begins.keySet());
        restored.roots().forEach((place, begin) -> {
            if (own.stream().anyMatch(one -> contains(one, place))) {
                begins.merge(place, begin, Math::min);
            }
        });
        return new Roots(begins);
    }

    /** A root however it is written: with a slash at its end or without, a local folder as path or URI. */
    static String place(String root) {
        String trimmed = root.length() > 1 ? root.replaceFirst("/+$", "") : root;
        return trimmed.startsWith("/") ? "file:" + trimmed : trimmed.replaceFirst("^file:/+", "file:/");
    }

    /**
     * Refuses to go on from the state of a reading of places that have nothing to do with these.
     *
     * @throws OtherInput where no place is, contains or lies below one of the others
     */
    static void check(List<String> configured, DiscoveryProgress restored) {
        Collection<String> former = restored.roots().keySet();
        boolean related = configured.stream().map(root -> inStore(place(root))).anyMatch(root -> former.stream()
                .map(Roots::inStore)
                .anyMatch(place -> contains(root, place) || contains(place, root)));
        if (!related) {
            throw OtherInput.of(configured, former);
        }
    }

    /** Whether the slot of an object is one of those that are wanted of where it lies. */
    boolean want(String uri, long slotSeconds) {
        if (latestBegin <= slotSeconds) {
            return true;
        }
        List<Long> ofObject = begins.entrySet().stream()
                .filter(root -> contains(root.getKey(), uri))
                .map(Map.Entry::getValue)
                .toList();
        return ofObject.isEmpty() || Collections.min(ofObject) <= slotSeconds;
    }

    /** Places that {@code restored} does not have, with the second from which they are read. */
    Map<String, Long> added(DiscoveryProgress restored) {
        Map<String, Long> added = new TreeMap<>(begins);
        added.keySet().removeIf(place -> restored.roots().keySet().stream().anyMatch(known -> contains(known, place)));
        return added;
    }

    /** Places of {@code restored} that are not read any more. */
    List<String> left(DiscoveryProgress restored) {
        return restored.roots().keySet().stream()
                .filter(known -> begins.keySet().stream().noneMatch(place -> contains(place, known)))
                .toList();
    }

    SortedMap<String, Long> begins() {
        return Collections.unmodifiableSortedMap(begins);
    }

    private static long beginOf(String place, DiscoveryProgress restored) {
        OptionalLong known = restored.roots().entrySet().stream()
                .filter(former -> contains(former.getKey(), place))
                .mapToLong(Map.Entry::getValue)
                .min();
        boolean nothingClosed = restored.closedSlot() == Long.MIN_VALUE;
        return known.orElse(nothingClosed ? Long.MIN_VALUE : restored.closedSlot() + 1);
    }

    /** The names that other S3 file systems have for the same bucket. */
    private static String inStore(String place) {
        return place.replaceFirst("^s3[an]://", "s3://");
    }

    private static boolean contains(String place, String other) {
        return other.equals(place) || other.startsWith(place.endsWith("/") ? place : place + "/");
    }
}
