package io.flowsentinel.serde;

import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.Notice;
import io.flowsentinel.model.RulesChange;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Notices, each behind a byte that says which kind it is. */
public final class NoticeSerializer extends NounSerializer<Notice> {

    private static final long serialVersionUID = 1L;
    private static final int LOST_RECORDS = 0;
    private static final int RULES = 1;

    private final CoverageRecordSerializer coverage = new CoverageRecordSerializer();
    private final RulesChangeSerializer rules = new RulesChangeSerializer();

    @Override
    protected void write(Notice notice, DataOutputView out) throws IOException {
        if (notice instanceof CoverageRecord lost) {
            out.writeByte(LOST_RECORDS);
            coverage.write(lost, out);
        } else {
            out.writeByte(RULES);
            rules.write((RulesChange) notice, out);
        }
    }

    @Override
    protected Notice read(DataInputView in) throws IOException {
        return in.readByte() == LOST_RECORDS ? coverage.read(in) : rules.read(in);
    }

    @Override
    public TypeSerializerSnapshot<Notice> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Notice> {
        public Snapshot() {
            super(NoticeSerializer::new, 1);
        }
    }
}
