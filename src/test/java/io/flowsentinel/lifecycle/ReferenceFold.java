package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.TcpFlags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fold written down once more, as plainly as possible: all records of a key in a list, every question answered by
 * going through the records again. For records of at most W + 60 s and W = 60 s.
 */
final class ReferenceFold {

    private static final long NEVER = Long.MIN_VALUE;

    /** What can be compared with the operator's answer. */
    record Folded(
            String id,
            long start,
            long end,
            int records,
            EndReason reason,
            boolean crossed,
            boolean suspected,
            String continuationOf,
            long lowerPackets,
            long higherPackets) {}

    private final ConnectionKey key;
    private final long readTo;
    private final List<Folded> folded = new ArrayList<>();
    private List<FlowRecord> current = new ArrayList<>();
    private boolean crossed;
    private boolean suspected;
    private Folded before;
    private String continuationOf;

    private ReferenceFold(ConnectionKey key, long readTo) {
        this.key = key;
        this.readTo = readTo;
    }

    static Set<Folded> of(Collection<FlowRecord> records, long readTo) {
        Set<Folded> all = new HashSet<>();
        records.stream().collect(Collectors.groupingBy(FlowRecord::key)).forEach((key, some) -> {
            ReferenceFold fold = new ReferenceFold(key, readTo);
            sorted(some).forEach(fold::take);
            fold.finish();
            all.addAll(fold.folded);
        });
        return all;
    }

    private static List<FlowRecord> sorted(List<FlowRecord> records) {
        Set<List<Object>> seen = new LinkedHashSet<>();
        return records.stream()
                .sorted(Comparator.comparingLong(FlowRecord::start)
                        .thenComparing(flow -> TcpFlags.opens(flow.tcpFlags()) ? 0 : isAnswer(flow) ? 1 : 2)
                        .thenComparingLong(FlowRecord::end)
                        .thenComparing(flow -> flow.observer().interfaceId())
                        .thenComparing(FlowRecord::source)
                        .thenComparing(FlowRecord::action)
                        .thenComparingInt(FlowRecord::tcpFlags)
                        .thenComparingLong(FlowRecord::packets)
                        .thenComparingLong(FlowRecord::bytes))
                .filter(flow -> seen.add(List.of(
                        flow.observer().interfaceId(),
                        flow.source(),
                        flow.action(),
                        flow.start(),
                        flow.end(),
                        flow.tcpFlags(),
                        flow.packets(),
                        flow.bytes(),
                        flow.absentFields())))
                .toList();
    }

    private void take(FlowRecord flow) {
        if (!current.isEmpty()) {
            if (flow.start() > deadline()) {
                end(timeout());
            } else if (key.protocol() == FlowRecord.TCP) {
                EndReason reason = endedBy(flow);
                if (reason != null) {
                    end(reason);
                } else {
                    mark(flow);
                }
            }
        }
        if (current.isEmpty()) {
            begin(flow);
        }
        current.add(flow);
    }

    private void begin(FlowRecord flow) {
        boolean silent = before != null
                && key.protocol() == FlowRecord.TCP
                && (before.reason() == EndReason.IDLE
                        || before.reason() == EndReason.HALF_CLOSE_TIMEOUT
                        || before.reason() == EndReason.ATTEMPT_TIMEOUT);
        boolean goesOn = silent && !hasSyn(flow) && flow.start() - before.end() <= 86_400;
        continuationOf = goesOn ? before.id() : null;
    }

    private void finish() {
        if (!current.isEmpty()) {
            end(deadline() <= readTo ? timeout() : EndReason.END_OF_INPUT);
        }
    }

    private void end(EndReason reason) {
        long start = current.get(0).start();
        before = new Folded(
                ConnectionId.of(key, start, 0),
                start,
                latest(flow -> true),
                current.size(),
                reason,
                crossed,
                suspected,
                continuationOf,
                packets(true),
                packets(false));
        folded.add(before);
        current = new ArrayList<>();
        crossed = false;
        suspected = false;
    }

    private EndReason endedBy(FlowRecord flow) {
        if (closedAt() != NEVER) {
            return (TcpFlags.opens(flow.tcpFlags()) || isAnswer(flow)) && later(flow) ? EndReason.CLOSED : null;
        }
        if (!TcpFlags.opens(flow.tcpFlags())) {
            return null;
        }
        if (!onlySyns()) {
            return later(flow) ? EndReason.TCP_REUSE : null;
        }
        boolean retry = flags(fromLower(flow)) == 2;
        boolean another = retry ? flow.start() > latest(one -> TcpFlags.opens(one.tcpFlags())) + 128 : later(flow);
        return another ? EndReason.NEW_ATTEMPT : null;
    }

    private void mark(FlowRecord flow) {
        crossed |= TcpFlags.opens(flow.tcpFlags()) && onlySyns() && flags(fromLower(flow)) != 2;
        Predicate<FlowRecord> whole = one -> hasSyn(one) && (TcpFlags.mask(one.tcpFlags()) & 1) != 0;
        suspected |= closedAt() != NEVER
                && !hasSyn(flow)
                && flow.start() > closedAt()
                && (flow.packets() > 2 || flow.bytes() > 60 * flow.packets())
                && current.stream().anyMatch(whole.and(one -> sameView(one, flow)))
                && current.stream().anyMatch(whole.and(one -> fromLower(one) != fromLower(flow)));
    }

    private boolean later(FlowRecord flow) {
        long own = latest(one -> hasSyn(one) && sameView(one, flow));
        own = own != NEVER ? own : latest(one -> sameView(one, flow));
        own = own != NEVER ? own : latest(one -> hasSyn(one) && sameInterface(one, flow));
        long close = closedAt();
        if (own != NEVER) {
            return flow.start() > own && flow.start() > close;
        }
        long foreign = close != NEVER ? close : latest(ReferenceFold::hasSyn);
        foreign = foreign != NEVER ? foreign : latest(one -> true);
        return flow.start() > foreign + 60;
    }

    private long deadline() {
        long end = latest(one -> true);
        return switch (timeout()) {
            case CLOSED -> end + 120;
            case ATTEMPT_TIMEOUT -> latest(one -> TcpFlags.opens(one.tcpFlags())) + 150;
            case HALF_CLOSE_TIMEOUT -> end + 300;
            default -> end + (key.protocol() == FlowRecord.TCP ? 900 : key.protocol() == FlowRecord.UDP ? 180 : 120);
        };
    }

    private EndReason timeout() {
        if (key.protocol() != FlowRecord.TCP) {
            return EndReason.IDLE;
        }
        if (closedAt() != NEVER) {
            return EndReason.CLOSED;
        }
        if (onlySyns()) {
            return EndReason.ATTEMPT_TIMEOUT;
        }
        boolean fin = Stream.of(true, false).anyMatch(lower -> flags(lower) > 0 && (flags(lower) & 1) != 0);
        return fin ? EndReason.HALF_CLOSE_TIMEOUT : EndReason.IDLE;
    }

    private boolean onlySyns() {
        return flags(true) == 2 && flags(false) <= 0 || flags(false) == 2 && flags(true) <= 0;
    }

    /** End of the first record with which the records of the counting action prove the close. */
    private long closedAt() {
        List<FlowRecord> counting = counting();
        for (int i = 1; i <= counting.size(); i++) {
            int lower = Math.max(0, or(counting.subList(0, i), true));
            int higher = Math.max(0, or(counting.subList(0, i), false));
            if (((lower | higher) & 4) != 0 || (lower & higher & 1) != 0) {
                return counting.get(i - 1).end();
            }
        }
        return NEVER;
    }

    private int flags(boolean ofLower) {
        return or(counting(), ofLower);
    }

    private List<FlowRecord> counting() {
        boolean accepted = current.stream().anyMatch(FlowRecord::accepted);
        return current.stream().filter(one -> one.accepted() == accepted).toList();
    }

    private int or(List<FlowRecord> records, boolean ofLower) {
        return records.stream()
                .filter(one -> fromLower(one) == ofLower)
                .mapToInt(one -> TcpFlags.mask(one.tcpFlags()))
                .reduce((one, other) -> one | other)
                .orElse(-1);
    }

    private long packets(boolean ofLower) {
        Map<String, Long> byInterface = new TreeMap<>();
        current.stream()
                .filter(one -> fromLower(one) == ofLower)
                .forEach(one -> byInterface.merge(one.observer().interfaceId(), one.packets(), Long::sum));
        return byInterface.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private long latest(Predicate<FlowRecord> which) {
        return current.stream().filter(which).mapToLong(FlowRecord::end).max().orElse(NEVER);
    }

    private boolean fromLower(FlowRecord flow) {
        return flow.source().equals(key.lower());
    }

    private boolean sameView(FlowRecord one, FlowRecord other) {
        return sameInterface(one, other) && fromLower(one) == fromLower(other);
    }

    private static boolean sameInterface(FlowRecord one, FlowRecord other) {
        return one.observer().interfaceId().equals(other.observer().interfaceId());
    }

    private static boolean hasSyn(FlowRecord flow) {
        return (TcpFlags.mask(flow.tcpFlags()) & 2) != 0;
    }

    private static boolean isAnswer(FlowRecord flow) {
        return TcpFlags.answers(flow.tcpFlags());
    }
}
