package io.flowsentinel.reference;

import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One observation: what one interface has logged of one direction under one action.
 *
 * @param records in fold order, at least one
 */
record Sight(String interfaceId, boolean fromOriginator, boolean accepted, List<FlowRecord> records) {

    private static final Comparator<Sight> ORDER = Comparator.comparing(Sight::interfaceId)
            .thenComparing(Sight::fromOriginator, Comparator.reverseOrder())
            .thenComparing(Sight::accepted, Comparator.reverseOrder());

    /** All observations of a connection, by interface, originator first, ACCEPT first. */
    static List<Sight> of(ConnectionRecords connection, boolean originatorIsLower) {
        Map<List<Object>, Sight> sights = new LinkedHashMap<>();
        for (FlowRecord flow : connection.all()) {
            String interfaceId = flow.observer().interfaceId();
            boolean fromOriginator = connection.fromLower(flow) == originatorIsLower;
            sights.computeIfAbsent(
                            List.of(interfaceId, fromOriginator, flow.accepted()),
                            unused -> new Sight(interfaceId, fromOriginator, flow.accepted(), new ArrayList<>()))
                    .records()
                    .add(flow);
        }
        return sights.values().stream().sorted(ORDER).toList();
    }

    Observer observer() {
        return records.get(0).observer();
    }

    /** Whether the interface is an endpoint's own: the plain address equals the packet address on both sides. */
    boolean own() {
        return records.stream().noneMatch(FlowRecord::forwarded);
    }

    /** Relative to the interface; absent where the records do not say so with one voice. */
    FlowDirection flowDirection() {
        Set<FlowDirection> said = records.stream()
                .map(FlowRecord::flowDirection)
                .filter(direction -> direction != FlowDirection.ABSENT)
                .collect(Collectors.toSet());
        return said.size() == 1 ? said.iterator().next() : FlowDirection.ABSENT;
    }

    long packets() {
        return records.stream().mapToLong(FlowRecord::packets).sum();
    }

    long bytes() {
        return records.stream().mapToLong(FlowRecord::bytes).sum();
    }

    long firstStart() {
        return records.stream().mapToLong(FlowRecord::start).min().orElseThrow();
    }

    long lastEnd() {
        return records.stream().mapToLong(FlowRecord::end).max().orElseThrow();
    }

    boolean atSameInterface(Sight other) {
        return interfaceId.equals(other.interfaceId);
    }

    /** Whether no more than so many seconds lie between the two. */
    boolean within(long seconds, Sight other) {
        return firstStart() - other.lastEnd() <= seconds && other.firstStart() - lastEnd() <= seconds;
    }
}
