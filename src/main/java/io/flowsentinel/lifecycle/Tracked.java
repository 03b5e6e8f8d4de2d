package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.model.TcpFlags;
import java.util.Arrays;

/**
 * A connection from its first record until it is published as closed: what its records have said so far, by the lower and
 * the higher endpoint of its key, since who opened it may not be known yet.
 *
 * <p>Grows in place, record by record; in state there are only its packed bytes, see {@link TrackedFormat}. The flags
 * that count for the close evidence, the timeouts and the state are those of the ACCEPT records, or those of the REJECT
 * records as long as there is no other.
 */
final class Tracked {

    // The bits are part of every savepoint: they never change.
    static final int FIRST_FROM_LOWER = 1;
    static final int CROSSED_SYN = 1 << 1;
    static final int MULTI_SUSPECTED = 1 << 2;
    static final int DEGRADED = 1 << 3;
    static final int OPEN_PUBLISHED = 1 << 4;

    private static final Observed[] NONE_OBSERVED = {};
    private static final RecordRef[] NO_EVIDENCE = {};
    private static final IpAddress[] NO_ADDRESSES = {};

    /** Epoch seconds of the start of the record that was folded first, part of the id. */
    final long start;

    /** How many connections of this key had begun with the same start before. */
    final int split;

    /** The connection this one goes on from after a silence; null where none. */
    final Tombstone continues;

    int marks;
    int records;
    int updates;

    /** The last age that was told, in seconds; 0 for none. */
    int aged;

    int synRecordsLower;
    int synRecordsHigher;

    /** Earliest start of any record: that of a record longer than W + 60 s may be before {@link #start}. */
    long earliest;

    /** Latest end of any record. */
    long end = Observed.NEVER;

    /** Latest end of a SYN-only record. */
    long openEnd = Observed.NEVER;

    /** End of the ACCEPT record that completed the close evidence. */
    long closedByAccepted = Observed.NEVER;

    /** End of the REJECT record that completed the close evidence of the REJECT records. */
    long closedByRejected = Observed.NEVER;

    Observed[] observed = NONE_OBSERVED;

    /**
     * OR of the masked flags, a byte for each action and side, which is {@link Side#NO_RECORD} where there is no record:
     * every record is looked at in their light several times.
     */
    private int flagsSeen = -1;

    RecordRef[] evidence = NO_EVIDENCE;
    IpAddress[] lowerIntermediates = NO_ADDRESSES;
    IpAddress[] higherIntermediates = NO_ADDRESSES;
    String rejectReason;
    String lowerService;
    String higherService;

    Tracked(long start, int split, Tombstone continues) {
        this.start = start;
        this.earliest = start;
        this.split = split;
        this.continues = continues;
    }

    /** Epoch seconds of the start of the first of its chain, the connections with silences between them. */
    long chainStart() {
        return continues == null ? start : continues.firstStart();
    }

    void add(FlowRecord flow, boolean fromLower) {
        if (records == 0 && fromLower) {
            marks |= FIRST_FROM_LOWER;
        }
        records++;
        earliest = Math.min(earliest, flow.start());
        end = Math.max(end, flow.end());
        observe(flow, fromLower);
        see(flow.accepted(), fromLower, TcpFlags.mask(flow.tcpFlags()));
        countSyn(flow, fromLower);
        noteClose(flow);
        annotate(flow, fromLower);
        if (evidence.length < Connection.MAX_EVIDENCE) {
            evidence = append(evidence, flow.ref());
        }
    }

    private void observe(FlowRecord flow, boolean fromLower) {
        for (Observed one : observed) {
            if (one.fromLower() == fromLower && one.accepted() == flow.accepted() && one.by(flow.observer())) {
                one.add(flow);
                return;
            }
        }
        observed = append(observed, Observed.first(flow, fromLower));
    }

    private void countSyn(FlowRecord flow, boolean fromLower) {
        if (!TcpFlags.opens(flow.tcpFlags())) {
            return;
        }
        openEnd = Math.max(openEnd, flow.end());
        if (fromLower) {
            synRecordsLower++;
        } else {
            synRecordsHigher++;
        }
    }

    private void noteClose(FlowRecord flow) {
        boolean accepted = flow.accepted();
        boolean complete = CloseEvidence.complete(flagsUnder(accepted, true), flagsUnder(accepted, false));
        if (complete && accepted && closedByAccepted == Observed.NEVER) {
            closedByAccepted = flow.end();
        }
        if (complete && !accepted && closedByRejected == Observed.NEVER) {
            closedByRejected = flow.end();
        }
    }

    private void annotate(FlowRecord flow, boolean fromLower) {
        if (flow.degraded()) {
            marks |= DEGRADED;
        }
        if (rejectReason == null && !flow.accepted()) {
            rejectReason = flow.annotations().rejectReason();
        }
        String source = flow.annotations().sourceService();
        String destination = flow.annotations().destinationService();
        lowerService = lowerService != null ? lowerService : fromLower ? source : destination;
        higherService = higherService != null ? higherService : fromLower ? destination : source;
        if (flow.forwarded()) {
            annotateSide(fromLower, flow.plainSource(), flow.source());
            annotateSide(!fromLower, flow.plainDestination(), flow.destination());
        }
    }

    /** A plain address that differs stood in the place of the endpoint of its own side. */
    private void annotateSide(boolean lower, IpAddress plain, Endpoint endpoint) {
        if (plain == null || plain.equals(endpoint.address())) {
            return;
        }
        if (lower) {
            lowerIntermediates = with(lowerIntermediates, plain);
        } else {
            higherIntermediates = with(higherIntermediates, plain);
        }
    }

    private static IpAddress[] with(IpAddress[] sorted, IpAddress address) {
        if (Arrays.binarySearch(sorted, address) >= 0) {
            return sorted;
        }
        IpAddress[] longer = append(sorted, address);
        Arrays.sort(longer);
        return longer;
    }

    boolean is(int mark) {
        return (marks & mark) != 0;
    }

    /** Whether the flags of the ACCEPT records count: there is at least one such record. */
    boolean anyAccepted() {
        return flagsUnder(true, true) != Side.NO_RECORD || flagsUnder(true, false) != Side.NO_RECORD;
    }

    /** OR of the flags of one side that count; {@link Side#NO_RECORD} where it has no record that counts. */
    int flags(boolean ofLower) {
        return flagsUnder(anyAccepted(), ofLower);
    }

    private int flagsUnder(boolean accepted, boolean ofLower) {
        return (byte) (flagsSeen >>> shift(accepted, ofLower));
    }

    private void see(boolean accepted, boolean fromLower, int flags) {
        int shift = shift(accepted, fromLower);
        int before = flagsUnder(accepted, fromLower);
        int all = before == Side.NO_RECORD ? flags : before | flags;
        flagsSeen = flagsSeen & ~(0xff << shift) | all << shift;
    }

    private static int shift(boolean accepted, boolean ofLower) {
        return (accepted ? 0 : 2 * Byte.SIZE) + (ofLower ? 0 : Byte.SIZE);
    }

    /** What was observed before. */
    void observed(Observed[] all) {
        observed = all;
        for (Observed one : all) {
            see(one.accepted(), one.fromLower(), one.flags);
        }
    }

    /** OR of the flags of one side over both actions; {@link Side#NO_RECORD} where it has no record at all. */
    int flagsOfBothActions(boolean ofLower) {
        int accepted = flagsUnder(true, ofLower);
        int rejected = flagsUnder(false, ofLower);
        if (accepted == Side.NO_RECORD || rejected == Side.NO_RECORD) {
            return Math.max(accepted, rejected);
        }
        return accepted | rejected;
    }

    boolean flagsKnown() {
        for (Observed one : observed) {
            if (one.has(Observed.FLAGS_KNOWN)) {
                return true;
            }
        }
        return false;
    }

    /** End of the record that completed the close evidence; {@link Observed#NEVER} where there is none. */
    long closedAt() {
        return anyAccepted() ? closedByAccepted : closedByRejected;
    }

    boolean closed() {
        return closedAt() != Observed.NEVER;
    }

    /** Whether there are only SYNs so far: one side is exactly SYN, the other has no record or no flag. */
    boolean attempt() {
        int lower = flags(true);
        int higher = flags(false);
        return lower == TcpFlags.SYN && higher <= 0 || higher == TcpFlags.SYN && lower <= 0;
    }

    private static <T> T[] append(T[] array, T last) {
        T[] longer = Arrays.copyOf(array, array.length + 1);
        longer[array.length] = last;
        return longer;
    }
}
