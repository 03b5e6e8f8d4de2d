package io.flowsentinel.parse;

import java.io.Serializable;
import java.util.List;

/**
 * How all objects of a run are read.
 *
 * @param formatWithoutHeader field names of objects without a header, in column order; empty for auto, which reads 14
 *     fields as the default format
 * @param scope what the scope text of a connection key is taken from
 * @param maxDelaySeconds a record whose end is further before its object's slot is late
 * @param fromSeconds epoch seconds; records that end before it are not part of the run; {@link Long#MIN_VALUE} for none
 * @param toSeconds epoch seconds; records that end at or after it are not part of the run; {@link Long#MAX_VALUE} for
 *     none
 * @param aggregationSeconds the aggregation interval the flow logs are said to have
 */
public record ParserSettings(
        List<String> formatWithoutHeader,
        Scope scope,
        long maxDelaySeconds,
        long fromSeconds,
        long toSeconds,
        long aggregationSeconds)
        implements Serializable {

    /** Why no line can be read by this format, for the one who configures it; null where it will do. */
    public static String faultOf(List<String> formatWithoutHeader) {
        return formatWithoutHeader.isEmpty()
                ? null
                : FlowLogFormat.configured(formatWithoutHeader).fault();
    }

    /** Whether a record or coverage line of this end is part of the run. */
    boolean inRange(long endSeconds) {
        return endSeconds >= fromSeconds && endSeconds < toSeconds;
    }
}
