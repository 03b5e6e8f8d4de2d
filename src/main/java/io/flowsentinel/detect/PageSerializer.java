package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.serde.FormatSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Pages, in state. */
public final class PageSerializer extends StateSerializer<Page> {

    private static final long serialVersionUID = 1L;

    @Override
    void write(Page value, DataOutputView out) throws IOException {
        value.write(out);
    }

    @Override
    Page read(DataInputView in) throws IOException {
        return Page.read(in);
    }

    @Override
    public Page copy(Page from) {
        return from.copy();
    }

    @Override
    public TypeSerializerSnapshot<Page> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Page> {
        public Snapshot() {
            super(PageSerializer::new, 3);
        }
    }
}
