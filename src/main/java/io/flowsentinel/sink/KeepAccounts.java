package io.flowsentinel.sink;

import io.flowsentinel.model.Accounts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
 * <p>State: the totals, in an operator list state; as many entries as there are names, never cleared.
 */
public final class KeepAccounts extends ProcessFunction<Accounts, Void>
        implements CheckpointedFunction, ResultTypeQueryable<Void> {

    /** Name of the accumulator that holds the totals. */
    public static final String ACCUMULATOR = "accounts";

    private static final ListStateDescriptor<Tuple2<String, Long>> TOTALS =
            new ListStateDescriptor<>("totals", Types.TUPLE(Types.STRING, Types.LONG));

    private static final String METRICS = "accounts";

    private transient AccountsTotals totals;
    private transient ListState<Tuple2<String, Long>> stored;
    private transient Set<String> gauges;

    /** The totals of a job that is over. */
    public static Accounts of(JobExecutionResult result) {
        Map<String, Long> amounts = result.getAccumulatorResult(ACCUMULATOR);
        return amounts == null ? Accounts.NONE : Accounts.NONE.plus(new Accounts(amounts));
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        totals = new AccountsTotals();
        stored = context.getOperatorStateStore().getListState(TOTALS);
        for (Tuple2<String, Long> entry : stored.get()) {
            totals.add(entry.f0, entry.f1);
        }
    }

    @Override
    public void open(OpenContext context) {
        gauges = new HashSet<>();
        getRuntimeContext().addAccumulator(ACCUMULATOR, totals);
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
        List<Tuple2<String, Long>> entries = new ArrayList<>();
        new TreeMap<>(totals.getLocalValue()).forEach((name, amount) -> entries.add(Tuple2.of(name, amount)));
        stored.update(entries);
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
