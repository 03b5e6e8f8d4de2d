package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.SampleForm;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Samples on their way through the key exchange, and in state. */
public final class SampleSerializer extends NounSerializer<Sample> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(Sample value, DataOutputView out) throws IOException {
        out.writeLong(value.start());
        value.form().write(out);
    }

    @Override
    protected Sample read(DataInputView in) throws IOException {
        return new Sample(in.readLong(), SampleForm.read(in));
    }

    @Override
    public TypeSerializerSnapshot<Sample> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Sample> {
        public Snapshot() {
            super(SampleSerializer::new, 2);
        }
    }
}
