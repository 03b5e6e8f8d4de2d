package io.flowsentinel.model;

/**
 * What AWS adds to some records beside the packets' own fields.
 *
 * @param trafficPath {@code traffic-path}, 1 to 8 at the time of writing; {@link #NO_PATH} where absent
 * @param rejectReason {@code reject-reason}, {@code BPA} or {@code EC}, an open set; null where absent
 * @param sourceService {@code pkt-src-aws-service}, an open set; null where absent
 * @param destinationService {@code pkt-dst-aws-service}; null where absent
 */
public record Annotations(int trafficPath, String rejectReason, String sourceService, String destinationService) {

    /** No traffic path in the log. */
    public static final int NO_PATH = -1;

    /** A record with none of these. */
    public static final Annotations NONE = new Annotations(NO_PATH, null, null, null);
}
