package io.flowsentinel.sink;

import io.flowsentinel.model.Accounts;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.flink.api.common.accumulators.Accumulator;

/**
 * The totals of a run as a Flink accumulator, which is how they come back with the job's result. Written by the task,
 * read at any time by the threads that report metrics and accumulators.
 */
final class AccountsTotals implements Accumulator<Accounts, ConcurrentSkipListMap<String, Long>> {

    /** What the discovery of objects reports is the total so far, everything else an amount to add. */
    private static final Set<String> ABSOLUTE = Set.of(
            Accounts.OBJECTS_FOUND,
            Accounts.OBJECTS_STRAY,
            Accounts.LIST_CALLS,
            Accounts.LIST_FAILURES,
            Accounts.SLOT_REACHED);

    private ConcurrentSkipListMap<String, Long> totals = new ConcurrentSkipListMap<>();

    @Override
    public void add(Accounts accounts) {
        accounts.amounts().forEach(this::add);
    }

    void add(String name, long amount) {
        totals.merge(name, amount, isAbsolute(name) ? Math::max : Long::sum);
    }

    long get(String name) {
        return totals.getOrDefault(name, 0L);
    }

    @Override
    public ConcurrentSkipListMap<String, Long> getLocalValue() {
        return totals;
    }

    @Override
    public void resetLocal() {
        totals.clear();
    }

    @Override
    public void merge(Accumulator<Accounts, ConcurrentSkipListMap<String, Long>> other) {
        other.getLocalValue().forEach(this::add);
    }

    @Override
    public Accumulator<Accounts, ConcurrentSkipListMap<String, Long>> clone() {
        AccountsTotals copy = new AccountsTotals();
        copy.totals = new ConcurrentSkipListMap<>(totals);
        return copy;
    }

    private static boolean isAbsolute(String name) {
        return ABSOLUTE.contains(name);
    }
}
