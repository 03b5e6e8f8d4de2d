package io.flowsentinel.detect;

import io.flowsentinel.model.FoldedRecord;
import java.time.Duration;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** What the packets and bytes of records mean to the rules: a six-hour upload is seen while it goes on. */
public final class TallyRecords extends Tallying<FoldedRecord> {

    private static final long serialVersionUID = 1L;

    private final Networks networks;
    private transient List<Desk<RecordRouter>> desks;

    public TallyRecords(Rules rules, Networks networks, Duration aggregationInterval) {
        super(rules, aggregationInterval);
        this.networks = networks;
    }

    @Override
    public void open() throws Exception {
        super.open();
        desks = desks(Family::recordRouter);
    }

    @Override
    public void processElement(StreamRecord<FoldedRecord> element) {
        if (desks.isEmpty()) {
            return;
        }
        CountedRecord counted = new CountedRecord(element.getValue(), networks);
        for (Desk<RecordRouter> desk : desks) {
            desk.router().route(counted, desk.marks());
        }
    }
}
