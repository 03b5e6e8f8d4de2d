package io.flowsentinel.detect;

import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.RecordRef;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The little of a connection that one group of rules judges: what crosses the key exchange instead of the connection.
 *
 * @param key whose behaviour this is: the key of the exchange
 * @param role what the connection means to the group
 * @param connectionId empty for {@link Role#FACT}, which is never shown as evidence
 * @param scope scope of the connection, or of the interface for the interface group
 * @param originator who opened it
 * @param responder the other side
 * @param protocol IANA protocol number
 * @param state Zeek's conn_state
 * @param verdict what filters did to it
 * @param internal whether the originator is internal
 * @param responderInternal whether the responder is
 * @param facts bits of {@link #ANSWERED} and {@link #COMPLETED}
 * @param start epoch seconds
 * @param decidedAt epoch seconds at which all of this was certain
 * @param coverageGap whether records were lost around it
 * @param interfaceId the interface concerned; null outside the interface group
 * @param side {@code ingress}, {@code egress} or {@code unknown}; null outside the interface group
 * @param allowedBy rule id to the text of the allow-list entry that covers the connection; mostly empty
 * @param records where to look it up
 */
public record Contribution(
        String key,
        Role role,
        String connectionId,
        String scope,
        Endpoint originator,
        Endpoint responder,
        int protocol,
        ConnState state,
        Verdict verdict,
        boolean internal,
        boolean responderInternal,
        int facts,
        long start,
        long decidedAt,
        boolean coverageGap,
        String interfaceId,
        String side,
        Map<String, String> allowedBy,
        List<RecordRef> records) {

    /** The responder sent a SYN-ACK that was accepted. */
    static final int ANSWERED = 1;
    /** The originator got further than a half-open connection. */
    static final int COMPLETED = 2;

    static final Comparator<Contribution> BY_START =
            Comparator.comparingLong(Contribution::start).thenComparing(Contribution::connectionId);

    /** Whether a connection counts against somebody or only changes what others mean. */
    public enum Role {
        COUNTS,
        FACT
    }

    boolean has(int fact) {
        return (facts & fact) != 0;
    }

    boolean counts() {
        return role == Role.COUNTS;
    }
}
