package io.flowsentinel.detect;

import io.flowsentinel.detect.Agenda.Filling;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Agendas, in state. */
public final class AgendaSerializer extends StateSerializer<Agenda> {

    private static final long serialVersionUID = 1L;

    private static final SampleSerializer SAMPLES = new SampleSerializer();

    @Override
    void write(Agenda value, DataOutputView out) throws IOException {
        out.writeLong(value.judged);
        out.writeLong(value.findingsDue);
        out.writeLong(value.memoryDue);
        Wire.writeVarLong(value.panes.size(), out);
        for (Map.Entry<Long, Filling> pane : value.panes.entrySet()) {
            out.writeLong(pane.getKey());
            Wire.writeVarLong(pane.getValue().counted, out);
            Wire.writeVarLong(pane.getValue().cells, out);
            Wire.writeVarLong(pane.getValue().facts, out);
            out.writeBoolean(pane.getValue().overflowed);
            out.writeLong(pane.getValue().lastFact);
            out.writeBoolean(pane.getValue().lastKept != null);
            if (pane.getValue().lastKept != null) {
                SAMPLES.serialize(pane.getValue().lastKept, out);
            }
        }
    }

    @Override
    Agenda read(DataInputView in) throws IOException {
        Agenda agenda = new Agenda();
        agenda.judged = in.readLong();
        agenda.findingsDue = in.readLong();
        agenda.memoryDue = in.readLong();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            Filling filling = new Filling();
            agenda.panes.put(in.readLong(), filling);
            filling.counted = Wire.readVarLong(in);
            filling.cells = (int) Wire.readVarLong(in);
            filling.facts = (int) Wire.readVarLong(in);
            filling.overflowed = in.readBoolean();
            filling.lastFact = in.readLong();
            filling.lastKept = in.readBoolean() ? SAMPLES.deserialize(in) : null;
            agenda.counted += filling.counted;
        }
        return agenda;
    }

    @Override
    public Agenda copy(Agenda from) {
        return from.copy();
    }

    @Override
    public TypeSerializerSnapshot<Agenda> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Version 1 of the snapshot. */
    public static final class Snapshot extends FormatSnapshot<Agenda> {
        public Snapshot() {
            super(AgendaSerializer::new, 1);
        }
    }
}
