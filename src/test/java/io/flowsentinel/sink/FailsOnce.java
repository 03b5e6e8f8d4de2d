package io.flowsentinel.sink;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/** Hands elements on and throws once, after a checkpoint was completed and more elements have come. */
final class FailsOnce<T> implements MapFunction<T, T>, CheckpointListener {

    /** Shared by all instances of the JVM: the restarted job must not fail again. */
    private static final AtomicBoolean ARMED = new AtomicBoolean();

    private static final int ELEMENTS_AFTER_CHECKPOINT = 10;

    private transient boolean checkpointed;
    private transient int since;

    static void arm() {
        ARMED.set(true);
    }

    static boolean hasFailed() {
        return !ARMED.get();
    }

    @Override
    public T map(T element) {
        if (checkpointed && ++since > ELEMENTS_AFTER_CHECKPOINT && ARMED.compareAndSet(true, false)) {
            throw new IllegalStateException("induced failure");
        }
        return element;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        checkpointed = true;
    }
}
