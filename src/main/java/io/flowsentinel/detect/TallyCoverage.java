package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.CoverageRouter;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.model.CoverageRecord;
import java.time.Duration;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * What lines about lost and missing records mean to the rules. They are not waited for as records are, so they may come
 * before or after other rules are in force: what they mean does not depend on which, nor on whether a rule is on.
 */
public final class TallyCoverage extends Tallying<CoverageRecord> {

    private static final long serialVersionUID = 1L;

    private transient List<Desk<CoverageRouter>> desks;

    /** @param aggregationInterval how far what is logged of a moment may be off */
    public TallyCoverage(Duration aggregationInterval) {
        super(aggregationInterval);
    }

    @Override
    public void open() throws Exception {
        super.open();
        desks = desks(Family::coverageRouter);
    }

    @Override
    public void processElement(StreamRecord<CoverageRecord> element) {
        for (Desk<CoverageRouter> desk : desks) {
            desk.router().route(element.getValue(), desk.marks());
        }
    }

    /** Nothing waits, and no router of these lines puts anything off. */
    @Override
    void tellDue(long time) {}
}
