package io.flowsentinel.serde;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Continuation;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.ConnectionId;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.Observer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Connections between the tracker and its readers where they do not share a thread. */
public final class ConnectionSerializer extends NounSerializer<Connection> {

    private static final long serialVersionUID = 1L;

    private transient Interned<Observer> observers;

    @Override
    public TypeSerializer<Connection> duplicate() {
        return new ConnectionSerializer();
    }

    @Override
    protected void write(Connection connection, DataOutputView out) throws IOException {
        Wire.writeEnum(connection.event(), out);
        Wire.writeNullable(connection.id(), out);
        Wire.writeNullable(connection.scope(), out);
        out.writeByte(connection.protocol());
        writeSide(connection.originator(), out);
        writeSide(connection.responder(), out);
        Wire.writeVarLong(connection.start(), out);
        Wire.writeVarLong(connection.end() - connection.start(), out);
        Wire.writeEnum(connection.state(), out);
        Wire.writeEnum(connection.verdict(), out);
        Wire.writeNullable(connection.rejectReason(), out);
        Wire.writeEnum(connection.directionEvidence(), out);
        Wire.writeEnum(connection.endReason(), out);
        out.writeInt(connection.traits());
        Wire.writeVarLong(connection.synRecords(), out);
        Wire.writeVarLong(connection.records(), out);
        Wire.writeList(connection.observations(), this::writeObservation, out);
        Wire.writeVarLong(connection.trafficPath() + 1L, out);
        writeContinuation(connection, out);
        Wire.writeVarLong(connection.decidedAt(), out);
        Wire.writeList(connection.evidence(), Wire::writeRef, out);
    }

    @Override
    protected Connection read(DataInputView in) throws IOException {
        Connection.Event event = Wire.readEnum(Connection.Event.class, in);
        ConnectionId name = ConnectionId.of(Wire.readNullable(in));
        String scope = Wire.readNullable(in);
        int protocol = in.readUnsignedByte();
        Side originator = readSide(in);
        Side responder = readSide(in);
        long start = Wire.readVarLong(in);
        long end = start + Wire.readVarLong(in);
        return new Connection(
                event,
                name,
                scope,
                protocol,
                originator,
                responder,
                start,
                end,
                Wire.readEnum(Connection.ConnState.class, in),
                Wire.readEnum(Connection.Verdict.class, in),
                Wire.readNullable(in),
                Wire.readEnum(Connection.DirectionEvidence.class, in),
                Wire.readEnum(Connection.EndReason.class, in),
                in.readInt(),
                (int) Wire.readVarLong(in),
                (int) Wire.readVarLong(in),
                Wire.readList(this::readObservation, in),
                (int) Wire.readVarLong(in) - 1,
                readContinuation(start, in),
                Wire.readVarLong(in),
                Wire.readList(Wire::readRef, in));
    }

    private static void writeContinuation(Connection connection, DataOutputView out) throws IOException {
        Continuation continuation = connection.continuation();
        Wire.writeNullable(connection.continuationOf(), out);
        if (continuation != null) {
            Wire.writeNullable(continuation.first(), out);
            Wire.writeVarLong(connection.start() - continuation.firstStart(), out);
        }
    }

    private static Continuation readContinuation(long start, DataInputView in) throws IOException {
        String of = Wire.readNullable(in);
        return of == null ? null : new Continuation(of, Wire.readNullable(in), start - Wire.readVarLong(in));
    }

    private void writeSide(Side side, DataOutputView out) throws IOException {
        Wire.writeEndpoint(side.endpoint(), out);
        Wire.writeVarLong(side.packets(), out);
        Wire.writeVarLong(side.bytes(), out);
        out.writeByte(side.flags());
        out.writeBoolean(side.observer() != null);
        if (side.observer() != null) {
            observers().write(side.observer(), out);
        }
        Wire.writeNullable(side.service(), out);
        Wire.writeList(side.intermediates(), Wire::writeAddress, out);
    }

    private Side readSide(DataInputView in) throws IOException {
        return new Side(
                Wire.readEndpoint(in),
                Wire.readVarLong(in),
                Wire.readVarLong(in),
                in.readByte(),
                in.readBoolean() ? observers().read(in) : null,
                Wire.readNullable(in),
                Wire.readList(Wire::readAddress, in));
    }

    private void writeObservation(Observation observation, DataOutputView out) throws IOException {
        observers().write(observation.observer(), out);
        out.writeBoolean(observation.fromOriginator());
        Wire.writeEnum(observation.action(), out);
        Wire.writeEnum(observation.flowDirection(), out);
        out.writeBoolean(observation.own());
        out.writeByte(observation.flags());
        Wire.writeVarLong(observation.packets(), out);
        Wire.writeVarLong(observation.bytes(), out);
        Wire.writeVarLong(observation.start(), out);
        Wire.writeVarLong(observation.end() - observation.start(), out);
        Wire.writeVarLong(observation.records(), out);
    }

    private Observation readObservation(DataInputView in) throws IOException {
        Observer observer = observers().read(in);
        boolean fromOriginator = in.readBoolean();
        Action action = Wire.readEnum(Action.class, in);
        FlowDirection direction = Wire.readEnum(FlowDirection.class, in);
        boolean own = in.readBoolean();
        int flags = in.readByte();
        long packets = Wire.readVarLong(in);
        long bytes = Wire.readVarLong(in);
        long start = Wire.readVarLong(in);
        long end = start + Wire.readVarLong(in);
        int records = (int) Wire.readVarLong(in);
        return new Observation(
                observer, fromOriginator, action, direction, own, flags, packets, bytes, start, end, records);
    }

    private Interned<Observer> observers() {
        if (observers == null) {
            observers = new Interned<>(Interned.OBSERVERS, Wire::writeObserver, Wire::readObserver);
        }
        return observers;
    }

    @Override
    public TypeSerializerSnapshot<Connection> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Connection> {
        public Snapshot() {
            super(ConnectionSerializer::new, 2);
        }
    }
}
