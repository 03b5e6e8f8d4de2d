package io.flowsentinel.detect;

import io.flowsentinel.detect.Agenda.Filling;
import io.flowsentinel.detect.Agenda.Limit;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Agendas, in state. */
public final class AgendaSerializer extends StateSerializer<Agenda> {

    private static final long serialVersionUID = 1L;

    private static final SampleSerializer SAMPLES = new SampleSerializer();
    private static final PageSerializer PAGES = new PageSerializer();

    /** Which parts of a pane follow. */
    private static final int LIMIT = 1;

    private static final int PAGE = 1 << 1;

    @Override
    void write(Agenda value, DataOutputView out) throws IOException {
        out.writeByte(value.family);
        out.writeLong(value.judged);
        out.writeLong(value.findingsDue);
        out.writeLong(value.memoryDue);
        Wire.writeVarLong(value.panes.size(), out);
        for (int i = 0; i < value.panes.size(); i++) {
            out.writeLong(value.panes.start(i));
            writeFilling(value.panes.filling(i), out);
        }
    }

    private static void writeFilling(Filling filling, DataOutputView out) throws IOException {
        Wire.writeVarLong(filling.counted, out);
        Wire.writeVarLong(filling.cells, out);
        Wire.writeVarLong(filling.facts, out);
        Limit limit = filling.limit;
        out.writeByte(Wire.part(LIMIT, limit != null) | Wire.part(PAGE, filling.page != null));
        if (limit != null) {
            out.writeBoolean(limit.overflowed);
            out.writeLong(limit.lastFact);
            out.writeBoolean(limit.lastKept != null);
            if (limit.lastKept != null) {
                SAMPLES.serialize(limit.lastKept, out);
            }
        }
        if (filling.page != null) {
            PAGES.write(filling.page, out);
        }
    }

    @Override
    Agenda read(DataInputView in) throws IOException {
        Agenda agenda = new Agenda(in.readByte());
        agenda.judged = in.readLong();
        agenda.findingsDue = in.readLong();
        agenda.memoryDue = in.readLong();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            long start = in.readLong();
            Filling filling = readFilling(in);
            agenda.panes.append(start, filling);
            agenda.counted = Agenda.plus(agenda.counted, filling.counted);
        }
        return agenda;
    }

    private static Filling readFilling(DataInputView in) throws IOException {
        Filling filling = new Filling();
        filling.counted = Wire.readVarLong(in);
        filling.cells = (int) Wire.readVarLong(in);
        filling.facts = (int) Wire.readVarLong(in);
        int parts = in.readByte();
        if ((parts & LIMIT) != 0) {
            Limit limit = filling.limit();
            limit.overflowed = in.readBoolean();
            limit.lastFact = in.readLong();
            limit.lastKept = in.readBoolean() ? SAMPLES.deserialize(in) : null;
        }
        filling.page = (parts & PAGE) != 0 ? PAGES.read(in) : null;
        filling.elsewhere = filling.page == null;
        return filling;
    }

    @Override
    public Agenda copy(Agenda from) {
        return from.copy();
    }

    @Override
    public TypeSerializerSnapshot<Agenda> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Agenda> {
        public Snapshot() {
            super(AgendaSerializer::new, 3);
        }
    }
}
