package io.flowsentinel.reference;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The connections of a finished set of records, all at once. */
public final class BatchLifecycle {

    private final Waits waits;
    private final Predicate<IpAddress> internal;

    /**
     * Takes the default timeouts that go with an aggregation interval.
     *
     * @param internal which addresses are ours, though no interface of theirs has logged
     */
    public BatchLifecycle(Duration aggregationInterval, Predicate<IpAddress> internal) {
        this.waits = new Waits(aggregationInterval.toSeconds());
        this.internal = internal;
    }

    /**
     * What the connection feed says at the end.
     *
     * @param connections a row for each close event, but for fields that are the same in every row
     * @param duplicates records that say what another has said already
     */
    public record Published(List<JsonNode> connections, long duplicates) {}

    /**
     * Works out what the connection feed says of these records.
     *
     * @param readTo epoch seconds of the end of the last slot read
     */
    public Published publish(Collection<FlowRecord> records, Collection<CoverageRecord> coverage, long readTo) {
        List<FlowRecord> taken = FoldSequence.withoutDuplicates(records);
        Map<ConnectionKey, List<FlowRecord>> byKey = taken.stream().collect(Collectors.groupingBy(FlowRecord::key));
        Map<String, List<CoverageRecord>> lost = coverage.stream()
                .filter(one -> one.status() == CoverageRecord.Status.SKIPDATA)
                .collect(Collectors.groupingBy(one -> one.observer().interfaceId()));
        List<JsonNode> rows = new ArrayList<>();
        byKey.forEach((key, some) -> new KeyFold(key, waits, readTo)
                .fold(FoldSequence.sorted(some))
                .forEach(one -> rows.add(new FeedRow(one, gap(one.records(), lost), internal).json())));
        return new Published(rows, records.size() - taken.size());
    }

    /** Rule 7. */
    private static boolean gap(ConnectionRecords connection, Map<String, List<CoverageRecord>> lost) {
        return connection.all().stream()
                .map(flow -> flow.observer().interfaceId())
                .distinct()
                .flatMap(id -> lost.getOrDefault(id, List.of()).stream())
                .anyMatch(one -> one.start() <= connection.end() + 60 && one.end() >= connection.start() - 60);
    }
}
