package io.flowsentinel.detect.judging;

import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.RecordRef;
import java.util.Comparator;
import java.util.List;

/**
 * What an alert shows of a connection that counts: few of each tally are kept.
 *
 * @param connectionId empty where a single record counts, not a connection
 * @param scope scope of the connection, or of the interface where that is judged
 * @param originator who opened it; null where a line counts that is about no packets
 * @param responder the other side; null likewise
 * @param protocol IANA protocol number
 * @param state Zeek's conn_state; null where a single record counts
 * @param verdict what filters did to it; null where a single record counts
 * @param internal whether the originator is internal
 * @param responderInternal whether the responder is
 * @param start epoch seconds
 * @param interfaceId the interface concerned; null where no interface is judged
 * @param translated whether the originator is a NAT gateway, which stands for others
 * @param guessed whether, for want of flags, ports and packets alone tell who opened it and what became of it
 * @param records where to look it up
 */
public record Sample(
        String connectionId,
        String scope,
        Endpoint originator,
        Endpoint responder,
        int protocol,
        ConnState state,
        Verdict verdict,
        boolean internal,
        boolean responderInternal,
        long start,
        String interfaceId,
        boolean translated,
        boolean guessed,
        List<RecordRef> records) {

    /**
     * By start, then id. Single records have no id: what they say comes before where they stand, which is up to the
     * delivery.
     */
    public static final Comparator<Sample> BY_START = Sample::compare;

    private static final Comparator<Sample> RECORDS = Comparator.comparing(
                    Sample::originator, Comparator.nullsFirst(Comparator.<Endpoint>naturalOrder()))
            .thenComparing(Sample::responder, Comparator.nullsFirst(Comparator.<Endpoint>naturalOrder()))
            .thenComparingInt(Sample::protocol);

    private static int compare(Sample one, Sample other) {
        if (one.start != other.start) {
            return Long.compare(one.start, other.start);
        }
        int byId = one.connectionId.compareTo(other.connectionId);
        if (byId != 0) {
            return byId;
        }
        if (one.connectionId.isEmpty()) {
            int byWords = RECORDS.compare(one, other);
            if (byWords != 0) {
                return byWords;
            }
        }
        int byObject = one.object().compareTo(other.object());
        return byObject != 0 ? byObject : Long.compare(one.line(), other.line());
    }

    /** Points at what was logged of an interface, whoever's packets it is about. */
    public static Sample ofInterface(String scope, String interfaceId, long start, List<RecordRef> records) {
        return new Sample(
                "", scope, null, null, 0, null, null, false, false, start, interfaceId, false, false, records);
    }

    /** Whether it is about packets: without, there is no connection to show. */
    public boolean hasEndpoints() {
        return originator != null;
    }

    private String object() {
        return records.isEmpty() ? "" : records.get(0).object();
    }

    private long line() {
        return records.isEmpty() ? 0 : records.get(0).line();
    }
}
