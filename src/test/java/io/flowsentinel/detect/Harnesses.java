package io.flowsentinel.detect;

import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.RulesChange;
import io.flowsentinel.serde.KeptChanges;
import java.time.Duration;
import java.util.List;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;

/** The operators that judge and that settle, each alone. */
public final class Harnesses {

    private static final Duration MINUTE = Duration.ofSeconds(60);

    private Harnesses() {}

    /** Judges; still to be opened. */
    public static KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> judging(
            Rules rules) throws Exception {
        return judging(rules, "first");
    }

    /** Judges with state on disk; still to be opened. */
    static KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> judgingOnDisk(Rules rules)
            throws Exception {
        var harness = judging(rules);
        harness.setStateBackend(new EmbeddedRocksDBStateBackend());
        return harness;
    }

    /** @param submission names the start of the job: another one where it is started anew */
    static KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> judging(
            Rules rules, String submission) throws Exception {
        var harness = new KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling>(
                new DetectFindings(rules, RulesChanges.given(rules, submission), MINUTE),
                PartialBlock::key,
                null,
                Types.INT);
        harness.setup();
        return harness;
    }

    /** Settles, from a snapshot where there is one. */
    public static KeyedBroadcastOperatorTestHarness<Integer, Ruling, RulesChange, Alert> settling(
            Rules rules, @Nullable OperatorSubtaskState snapshot) throws Exception {
        var harness = new KeyedBroadcastOperatorTestHarness<Integer, Ruling, RulesChange, Alert>(
                new CoBroadcastWithKeyedOperator<>(
                        new SettleFindings(rules, RulesChanges.given(rules, "first"), MINUTE),
                        List.of(KeptChanges.STATE)),
                ruling -> SettleFindings.ALL,
                Types.INT,
                1,
                1,
                0);
        harness.setup();
        if (snapshot != null) {
            harness.initializeState(snapshot);
        }
        harness.open();
        return harness;
    }

    /** Moves event time on, on both inputs. */
    public static void advance(
            KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> judging, long millis)
            throws Exception {
        judging.processWatermark2(new Watermark(millis));
        judging.processWatermark1(new Watermark(millis));
    }

    /** Moves event time on, on both inputs. */
    public static void advance(
            KeyedBroadcastOperatorTestHarness<Integer, Ruling, RulesChange, Alert> settling, long millis)
            throws Exception {
        settling.processBroadcastWatermark(new Watermark(millis));
        settling.processWatermark(new Watermark(millis));
    }

    public static int stateEntries(KeyedBroadcastOperatorTestHarness<Integer, Ruling, RulesChange, Alert> settling) {
        AbstractStreamOperator<?> operator = (AbstractStreamOperator<?>) settling.getOperator();
        return ((HeapKeyedStateBackend<?>) operator.getKeyedStateBackend()).numKeyValueStateEntries();
    }
}
