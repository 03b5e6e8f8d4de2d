package io.flowsentinel.detect;

import io.flowsentinel.serde.FormatSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Schedules, in state. */
public final class ScheduleSerializer extends StateSerializer<Schedule> {

    private static final long serialVersionUID = 1L;

    private static final AgendaSerializer AGENDAS = new AgendaSerializer();

    @Override
    void write(Schedule value, DataOutputView out) throws IOException {
        out.writeLong(value.wakeAt);
        Agenda[] agendas = value.unpacked();
        out.writeByte(agendas.length);
        for (Agenda agenda : agendas) {
            AGENDAS.write(agenda, out);
        }
    }

    @Override
    Schedule read(DataInputView in) throws IOException {
        Schedule schedule = new Schedule();
        schedule.wakeAt = in.readLong();
        for (int left = in.readByte(); left > 0; left--) {
            schedule.add(AGENDAS.read(in));
        }
        schedule.pack();
        return schedule;
    }

    @Override
    public Schedule copy(Schedule from) {
        return from.copy();
    }

    @Override
    public TypeSerializerSnapshot<Schedule> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Schedule> {
        public Snapshot() {
            super(ScheduleSerializer::new, 4);
        }
    }
}
