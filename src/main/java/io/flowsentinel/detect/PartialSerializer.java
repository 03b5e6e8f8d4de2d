package io.flowsentinel.detect;

import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Partial tallies on their way through the key exchange. Whoever sends one does not touch it again. */
public final class PartialSerializer extends NounSerializer<Partial> {

    private static final long serialVersionUID = 1L;

    private static final SubjectPartSerializer PARTS = new SubjectPartSerializer();
    private static final PageSerializer PAGES = new PageSerializer();

    @Override
    protected void write(Partial value, DataOutputView out) throws IOException {
        PARTS.serialize(value.part(), out);
        PAGES.write(value.page(), out);
    }

    @Override
    protected Partial read(DataInputView in) throws IOException {
        return new Partial(PARTS.deserialize(in), PAGES.read(in));
    }

    @Override
    public TypeSerializerSnapshot<Partial> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Partial> {
        public Snapshot() {
            super(PartialSerializer::new, 2);
        }
    }
}
