package io.flowsentinel.parse;

import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.TcpFlags;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Warns once of flow logs without {@code tcp-flags}, such as AWS's default format: nothing fails, and yet the rules that
 * judge TCP connections stay silent. Safe for all threads of a process.
 */
final class MissingFlags {

    /** All readers of a process warn once together. */
    static final MissingFlags OF_THIS_PROCESS = new MissingFlags();

    private final AtomicBoolean warned = new AtomicBoolean();

    /** Looks at one record. */
    void check(FlowRecord flow, FlowLogFormat format, Consumer<String> warnings) {
        if (flow.protocol() != FlowRecord.TCP
                || flow.tcpFlags() != TcpFlags.ABSENT
                || format.has(FlowLogField.TCP_FLAGS)
                || warned.get()) {
            return;
        }
        if (warned.compareAndSet(false, true)) {
            warnings.accept(flow.ref().object()
                    + ": the format has no tcp-flags: connections get no state there, and rules that judge TCP connections"
                    + " stay silent; add the field to the flow log");
        }
    }
}
