package io.flowsentinel.model;

import java.util.List;

/**
 * What the records of one connection say together. The vocabulary is Zeek's where Zeek has a word.
 *
 * @param event why this is published now; only CLOSE is final
 * @param name the same in every replay, see {@link #id}
 * @param scope as in the connection key
 * @param protocol IANA protocol number
 * @param originator who opened it, as far as {@code directionEvidence} goes
 * @param responder the other side
 * @param start epoch seconds of the earliest start of a record
 * @param end epoch seconds of the last record's end
 * @param state Zeek's conn_state
 * @param verdict what filters did to it
 * @param rejectReason {@code reject-reason} of a rejected record; null where none has one
 * @param directionEvidence how sure the two roles are
 * @param endReason why no more records are expected; null unless {@code event} is CLOSE
 * @param traits bit set of {@link Trait}; see {@link #has}
 * @param synRecords records with SYN and no SYN-ACK from the originator
 * @param records records taken, duplicates not counted
 * @param observations what each interface logged, sorted by interface, direction and action
 * @param trafficPath {@code traffic-path} of the originator's own egress record; {@link Annotations#NO_PATH} where absent
 * @param continuation what this one goes on from after a silence; null where nothing
 * @param decidedAt epoch seconds of the event time at which all of this was certain: what was decided when does not
 *     depend on when it was computed
 * @param evidence the first records in fold order, at most {@link #MAX_EVIDENCE}
 */
public record Connection(
        Event event,
        ConnectionId name,
        String scope,
        int protocol,
        Side originator,
        Side responder,
        long start,
        long end,
        ConnState state,
        Verdict verdict,
        String rejectReason,
        DirectionEvidence directionEvidence,
        EndReason endReason,
        int traits,
        int synRecords,
        int records,
        List<Observation> observations,
        int trafficPath,
        Continuation continuation,
        long decidedAt,
        List<RecordRef> evidence)
        implements LifecycleEvent {

    /** How many record references a connection keeps. */
    public static final int MAX_EVIDENCE = 2;

    /** Why a connection is published. */
    public enum Event {
        OPEN,
        UPDATE,
        CLOSE,
        /** It has reached an age that rules ask for; not published. */
        AGED
    }

    /**
     * Zeek's conn_state, see the state table of the lifecycle package. Places are part of every savepoint: a new one would
     * come last.
     */
    public enum ConnState {
        S0,
        S1,
        S2,
        S3,
        SF,
        REJ,
        RSTO,
        RSTR,
        RSTOS0,
        RSTRH,
        SH,
        SHR,
        OTH
    }

    /** What security groups and network ACLs did, beside the state. Places are part of savepoints here too. */
    public enum Verdict {
        ALLOWED,
        UNSOLICITED_REJECT,
        STALE_REJECT,
        MIXED,
        REPLY_DENIED,
        DENIED_BY_DESTINATION,
        DENIED_EGRESS,
        DENIED
    }

    /** What the roles rest on, the strongest first. */
    public enum DirectionEvidence {
        SYN,
        SYNACK,
        PORT,
        NONE
    }

    /** Why no more records are expected. */
    public enum EndReason {
        CLOSED,
        TCP_REUSE,
        NEW_ATTEMPT,
        ATTEMPT_TIMEOUT,
        HALF_CLOSE_TIMEOUT,
        IDLE,
        END_OF_INPUT
    }

    /** What may be true of a connection besides. The bits are part of every savepoint: they never change. */
    public enum Trait {
        FLAGS_PRESENT(0),
        MISSED_CLOSE(1),
        CROSSED_SYN(2),
        MIDSTREAM(3),
        ONE_SIDED(4),
        COVERAGE_GAP(5),
        MULTI_CONNECTION_SUSPECTED(6),
        SIMULTANEOUS_OPEN(7),
        UNSOLICITED_SYNACK(8),
        DEGRADED_KEY(9);

        private final int bit;

        Trait(int position) {
            this.bit = 1 << position;
        }

        public int bit() {
            return bit;
        }
    }

    /**
     * One end of the connection and what it sent.
     *
     * @param endpoint address and port
     * @param packets sent by this side, each counted once
     * @param bytes sent by this side, each counted once
     * @param flags OR of the masked flags it sent; {@link #NO_RECORD} where it has no record
     * @param observer the side's own interface; null where the log does not tell it
     * @param service AWS service of the address; null where absent
     * @param intermediates plain addresses that stood in the endpoint's place where an interface forwarded, sorted
     */
    public record Side(
            Endpoint endpoint,
            long packets,
            long bytes,
            int flags,
            Observer observer,
            String service,
            List<IpAddress> intermediates) {

        /** This side sent nothing that was logged. */
        public static final int NO_RECORD = -1;
    }

    /**
     * What one interface logged of one direction under one action.
     *
     * @param observer the interface
     * @param fromOriginator whose packets
     * @param action what was done to them
     * @param flowDirection relative to the interface
     * @param own whether the interface is an endpoint's own, not one that forwards
     * @param flags OR of the masked flags; {@link TcpFlags#ABSENT} where no record has flags
     * @param packets sum over the records
     * @param bytes sum over the records
     * @param start epoch seconds of the first start
     * @param end epoch seconds of the last end
     * @param records how many
     */
    public record Observation(
            Observer observer,
            boolean fromOriginator,
            Action action,
            FlowDirection flowDirection,
            boolean own,
            int flags,
            long packets,
            long bytes,
            long start,
            long end,
            int records) {}

    /**
     * What a connection goes on from after a silence: the last of a chain of connections with silences between them.
     *
     * @param of id of the one just before
     * @param first id of the first of the chain
     * @param firstStart epoch seconds of its start
     */
    public record Continuation(String of, String first, long firstStart) {}

    /** Id of the connection this one goes on from after a silence; null where none. */
    public String continuationOf() {
        return continuation == null ? null : continuation.of;
    }

    /** Id of the first of its chain: its own where it goes on from none. */
    public String chainId() {
        return continuation == null ? id() : continuation.first;
    }

    /** Epoch seconds of the start of the first of its chain. */
    public long chainStart() {
        return continuation == null ? start : continuation.firstStart;
    }

    /** 32 lower-case hex digits, the same in every replay. */
    public String id() {
        return name.text();
    }

    public boolean has(Trait trait) {
        return (traits & trait.bit()) != 0;
    }

    /** Whether the roles rest on a handshake, not on a guess (OCSF is_src_dst_assignment_known). */
    public boolean rolesKnown() {
        return directionEvidence == DirectionEvidence.SYN || directionEvidence == DirectionEvidence.SYNACK;
    }
}
