package io.flowsentinel.serde;

import io.flowsentinel.model.CoverageRecord;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** NODATA and SKIPDATA lines. */
public final class CoverageRecordSerializer extends NounSerializer<CoverageRecord> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(CoverageRecord coverage, DataOutputView out) throws IOException {
        Wire.writeObserver(coverage.observer(), out);
        Wire.writeEnum(coverage.status(), out);
        Wire.writeVarLong(coverage.start(), out);
        Wire.writeVarLong(coverage.end(), out);
        Wire.writeRef(coverage.ref(), out);
    }

    @Override
    protected CoverageRecord read(DataInputView in) throws IOException {
        return new CoverageRecord(
                Wire.readObserver(in),
                Wire.readEnum(CoverageRecord.Status.class, in),
                Wire.readVarLong(in),
                Wire.readVarLong(in),
                Wire.readRef(in));
    }

    @Override
    public TypeSerializerSnapshot<CoverageRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<CoverageRecord> {
        public Snapshot() {
            super(CoverageRecordSerializer::new, 1);
        }
    }
}
