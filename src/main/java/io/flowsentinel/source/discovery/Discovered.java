package io.flowsentinel.source.discovery;

import java.time.Instant;
import java.util.List;

/**
 * What one look at the roots has found.
 *
 * @param objects objects of the range, known ones too, in no order
 * @param strays URIs of files that are no objects
 * @param listCalls how many requests it took
 * @param asOf when the look began: all objects published before it are in
 * @param completeTo all objects of slots before this one have been found, epoch seconds; {@link #EVERYTHING} at the end
 *     of the look
 */
public record Discovered(List<LogObject> objects, List<String> strays, long listCalls, Instant asOf, long completeTo) {

    public static final long EVERYTHING = Long.MAX_VALUE;

    public boolean isComplete() {
        return completeTo == EVERYTHING;
    }
}
