package io.flowsentinel.parse;

import io.flowsentinel.model.FlowRecord;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Counts records longer than the configured aggregation interval allows and warns of the first one, with the remedy:
 * connections are folded by that interval. Safe for all threads of a process.
 */
final class LongRecords {

    /** All readers of a process warn once together. */
    static final LongRecords OF_THIS_PROCESS = new LongRecords();

    /** Times in a record are up to a minute off (AWS: start and end). */
    static final long SLACK_SECONDS = 60;

    private final AtomicLong count = new AtomicLong();

    /** Looks at one record. */
    void check(FlowRecord flow, long aggregationSeconds, Consumer<String> warnings) {
        long span = flow.end() - flow.start();
        if (span <= aggregationSeconds + SLACK_SECONDS) {
            return;
        }
        if (count.getAndIncrement() == 0) {
            warnings.accept(
                    flow.ref().object() + " line " + flow.ref().line() + ": the record spans " + span
                            + " s, too long for time.aggregation-interval " + aggregationSeconds
                            + " s: set it to the interval of the flow logs (600s for ten minutes), or connections may be split");
        }
    }

    /** How many so far. */
    long count() {
        return count.get();
    }
}
