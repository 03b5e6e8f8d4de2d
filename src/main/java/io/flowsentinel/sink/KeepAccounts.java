package io.flowsentinel.sink;

import io.flowsentinel.model.Accounts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Adds up the accounts of the run, exactly once over restarts. To be run with parallelism 1. The totals are gauges
 * while the job runs and an accumulator in its result. Emits nothing.
 *
 * <p>The totals go on from a savepoint. What they were where this run began is an accumulator too, so that a run can tell
 * what it has done itself.
 *
 * <p>State: the totals, those at the beginning of the run, and which run that is, in operator list states; as many
 * entries as there are names, never cleared.
 */
public final class KeepAccounts extends ProcessFunction<Accounts, Void>
        implements CheckpointedFunction, ResultTypeQueryable<Void> {

    /** Name of the accumulator that holds the totals. */
    public static final String ACCUMULATOR = "accounts";

    private static final ListStateDescriptor<Tuple2<String, Long>> TOTALS =
            new ListStateDescriptor<>("totals", Types.TUPLE(Types.STRING, Types.LONG));

    private static final String ACCUMULATOR_BEFORE = "accounts-before";

    private static final ListStateDescriptor<Tuple2<String, Long>> BEFORE =
            new ListStateDescriptor<>("before", Types.TUPLE(Types.STRING, Types.LONG));

    private static final ListStateDescriptor<String> RUN = new ListStateDescriptor<>("run", Types.STRING);

    private static final String METRICS = "accounts";

    /** Of one submission: the same after a restart, another where a savepoint is gone on from. */
    private final String run = UUID.randomUUID().toString();

    private transient AccountsTotals totals;
    private transient AccountsTotals before;
    private transient ListState<Tuple2<String, Long>> stored;
    private transient ListState<Tuple2<String, Long>> storedBefore;
    private transient ListState<String> storedRun;
    private transient Set<String> gauges;

    /** The totals of a job that is over, with those of the jobs it went on from. */
    public static Accounts of(JobExecutionResult result) {
        return accounts(result, ACCUMULATOR);
    }

    /**
     * What a job that is over has done itself. Objects it was given in the middle count as found by it, as it is the one
     * that has read them to the end.
     */
    public static Accounts ofRun(JobExecutionResult result) {
        Accounts before = accounts(result, ACCUMULATOR_BEFORE);
        Map<String, Long> own = new TreeMap<>(of(result).amounts());
        before.amounts().forEach((name, amount) -> {
            switch (name) {
                case Accounts.SLOT_REACHED -> {} // a moment, no amount
                case Accounts.OBJECTS_FOUND -> own.merge(
                        name, -before.get(Accounts.OBJECTS_READ) - before.get(Accounts.OBJECTS_FAILED), Long::sum);
                default -> own.merge(name, -amount, Long::sum);
            }
        });
        own.values().removeIf(amount -> amount == 0);
        return Accounts.NONE.plus(new Accounts(own));
    }

    /** The slot, in epoch seconds, that the job had reached which this one went on from; empty for none. */
    public static Optional<Long> slotBefore(JobExecutionResult result) {
        return Optional.ofNullable(
                accounts(result, ACCUMULATOR_BEFORE).amounts().get(Accounts.SLOT_REACHED));
    }

    private static Accounts accounts(JobExecutionResult result, String accumulator) {
        Map<String, Long> amounts = result.getAccumulatorResult(accumulator);
        return amounts == null ? Accounts.NONE : Accounts.NONE.plus(new Accounts(amounts));
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        stored = context.getOperatorStateStore().getListState(TOTALS);
        storedBefore = context.getOperatorStateStore().getListState(BEFORE);
        storedRun = context.getOperatorStateStore().getListState(RUN);
        totals = read(stored);
        boolean goesOn = false;
        for (String restored : storedRun.get()) {
            goesOn |= restored.equals(run);
        }
        before = read(goesOn ? storedBefore : stored);
    }

    private static AccountsTotals read(ListState<Tuple2<String, Long>> state) throws Exception {
        AccountsTotals read = new AccountsTotals();
        for (Tuple2<String, Long> entry : state.get()) {
            read.add(entry.f0, entry.f1);
        }
        return read;
    }

    @Override
    public void open(OpenContext context) {
        gauges = new HashSet<>();
        getRuntimeContext().addAccumulator(ACCUMULATOR, totals);
        getRuntimeContext().addAccumulator(ACCUMULATOR_BEFORE, before);
        Report.COUNTS.forEach(this::gauge);
        totals.getLocalValue().keySet().forEach(this::gauge);
    }

    @Override
    public void processElement(Accounts accounts, Context context, Collector<Void> out) {
        totals.add(accounts);
        accounts.amounts().keySet().forEach(this::gauge);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        stored.update(entries(totals));
        storedBefore.update(entries(before));
        storedRun.update(List.of(run));
    }

    private static List<Tuple2<String, Long>> entries(AccountsTotals of) {
        List<Tuple2<String, Long>> entries = new ArrayList<>();
        new TreeMap<>(of.getLocalValue()).forEach((name, amount) -> entries.add(Tuple2.of(name, amount)));
        return entries;
    }

    @Override
    public TypeInformation<Void> getProducedType() {
        return Types.VOID;
    }

    private void gauge(String name) {
        if (gauges.add(name)) {
            MetricGroup group = getRuntimeContext().getMetricGroup().addGroup(METRICS);
            group.gauge(name, () -> totals.get(name));
        }
    }
}
