package io.flowsentinel.reference;

import io.flowsentinel.model.FlowRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The order in which records are folded, and which of them say what another has said already. */
final class FoldSequence {

    private static final Comparator<FlowRecord> TOTAL_ORDER = Comparator.comparingLong(FlowRecord::start)
            .thenComparing(FoldSequence::rank)
            .thenComparingLong(FlowRecord::end)
            .thenComparing(flow -> flow.observer().interfaceId())
            .thenComparing(FlowRecord::source)
            .thenComparing(FlowRecord::action)
            .thenComparingInt(FlowRecord::tcpFlags)
            .thenComparingLong(FlowRecord::packets)
            .thenComparingLong(FlowRecord::bytes);

    private FoldSequence() {}

    /** The records but for duplicates. */
    static List<FlowRecord> withoutDuplicates(Collection<FlowRecord> records) {
        Set<List<Object>> taken = new HashSet<>();
        List<FlowRecord> unique = new ArrayList<>();
        for (FlowRecord flow : records) {
            if (taken.add(identity(flow))) {
                unique.add(flow);
            }
        }
        return unique;
    }

    static List<FlowRecord> sorted(Collection<FlowRecord> records) {
        return records.stream().sorted(TOTAL_ORDER).toList();
    }

    /** SYN-only first, SYN-ACK next. */
    private static int rank(FlowRecord flow) {
        int flags = Flags.masked(flow.tcpFlags());
        return Flags.synOnly(flags) ? 0 : Flags.synAck(flags) ? 1 : 2;
    }

    private static List<Object> identity(FlowRecord flow) {
        return Arrays.asList(
                flow.key(),
                flow.observer().interfaceId(),
                flow.plainSource(),
                flow.plainDestination(),
                flow.source(),
                flow.destination(),
                flow.action(),
                flow.flowDirection(),
                flow.start(),
                flow.end(),
                flow.packets(),
                flow.bytes(),
                flow.tcpFlags(),
                flow.absentFields());
    }
}
