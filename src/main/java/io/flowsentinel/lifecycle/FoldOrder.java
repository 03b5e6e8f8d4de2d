package io.flowsentinel.lifecycle;

import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.TcpFlags;
import java.util.Comparator;

/**
 * The total order in which the records of one key are folded: start, SYN-only first, SYN-ACK next, end, interface,
 * source endpoint, action, flags, packets, bytes. What follows puts records beside each other that are the same but for
 * where they stand, so that a duplicate is the neighbour of its original and the smallest reference is the one taken.
 */
final class FoldOrder implements Comparator<FlowRecord> {

    private static final Comparator<IpAddress> PLAIN = Comparator.nullsFirst(Comparator.naturalOrder());

    private final FoldTime foldTime;

    FoldOrder(FoldTime foldTime) {
        this.foldTime = foldTime;
    }

    @Override
    public int compare(FlowRecord one, FlowRecord other) {
        int by = Long.compare(foldTime.effectiveStart(one), foldTime.effectiveStart(other));
        by = by != 0 ? by : Integer.compare(rank(one), rank(other));
        by = by != 0 ? by : Long.compare(one.end(), other.end());
        by = by != 0 ? by : byContent(one, other);
        return by != 0 ? by : one.ref().compareTo(other.ref());
    }

    private static int byContent(FlowRecord one, FlowRecord other) {
        int by = one.observer().interfaceId().compareTo(other.observer().interfaceId());
        by = by != 0 ? by : one.source().compareTo(other.source());
        by = by != 0 ? by : one.action().compareTo(other.action());
        by = by != 0 ? by : Integer.compare(one.tcpFlags(), other.tcpFlags());
        by = by != 0 ? by : Long.compare(one.packets(), other.packets());
        by = by != 0 ? by : Long.compare(one.bytes(), other.bytes());
        return by != 0 ? by : byPath(one, other);
    }

    private static int byPath(FlowRecord one, FlowRecord other) {
        int by = PLAIN.compare(one.plainSource(), other.plainSource());
        by = by != 0 ? by : PLAIN.compare(one.plainDestination(), other.plainDestination());
        by = by != 0 ? by : Integer.compare(one.absentFields(), other.absentFields());
        by = by != 0 ? by : one.flowDirection().compareTo(other.flowDirection());
        return by != 0 ? by : Long.compare(one.start(), other.start());
    }

    /** Whether two records of one key are the same but for where they stand. An absent field equals an absent one. */
    static boolean duplicates(FlowRecord one, FlowRecord other) {
        return one.end() == other.end() && byContent(one, other) == 0;
    }

    private static int rank(FlowRecord flow) {
        if (TcpFlags.opens(flow.tcpFlags())) {
            return 0;
        }
        return TcpFlags.answers(flow.tcpFlags()) ? 1 : 2;
    }
}
