package io.flowsentinel.serde;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.TcpFlags;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What the formats of a flow record share: one number that says what the record is and which of its rarer parts follow,
 * and these parts. The lowest bit is each format's own.
 */
public final class RecordParts {

    /** For the format to give a meaning to. */
    public static final int OWN = 1;

    // The most frequent first. Part of every savepoint: they never change.
    private static final int ACCEPTED = 1 << 1;
    private static final int INGRESS = 1 << 2;
    private static final int EGRESS = 1 << 3;
    private static final int FLAGS = 1 << 4;
    private static final int SOURCE_IS_PLAIN = 1 << 5;
    private static final int DESTINATION_IS_PLAIN = 1 << 6;
    private static final int SOURCE_HAS_PLAIN = 1 << 7;
    private static final int DESTINATION_HAS_PLAIN = 1 << 8;
    private static final int ANNOTATED = 1 << 9;

    /** Where the four bits of {@link FlowRecord#absent} stand, the highest of all. */
    private static final int ABSENT_SHIFT = 10;

    private RecordParts() {}

    /**
     * The number of a record, 14 bits long.
     *
     * @param own whether the format's own bit is set
     */
    public static int of(FlowRecord flow, boolean own) {
        return Wire.part(OWN, own)
                | Wire.part(ACCEPTED, flow.accepted())
                | Wire.part(INGRESS, flow.flowDirection() == FlowDirection.INGRESS)
                | Wire.part(EGRESS, flow.flowDirection() == FlowDirection.EGRESS)
                | Wire.part(FLAGS, flow.tcpFlags() != TcpFlags.ABSENT)
                | plainPart(flow.source().address(), flow.plainSource(), SOURCE_IS_PLAIN, SOURCE_HAS_PLAIN)
                | plainPart(
                        flow.destination().address(),
                        flow.plainDestination(),
                        DESTINATION_IS_PLAIN,
                        DESTINATION_HAS_PLAIN)
                | Wire.part(ANNOTATED, !flow.annotations().equals(Annotations.NONE))
                | flow.absent() << ABSENT_SHIFT;
    }

    private static int plainPart(IpAddress packet, IpAddress plain, int same, int other) {
        if (plain == null) {
            return 0;
        }
        return plain.equals(packet) ? same : other;
    }

    /** Whether the format's own bit is set. */
    public static boolean own(int parts) {
        return (parts & OWN) != 0;
    }

    public static Action action(int parts) {
        return (parts & ACCEPTED) != 0 ? Action.ACCEPT : Action.REJECT;
    }

    public static FlowDirection flowDirection(int parts) {
        if ((parts & INGRESS) != 0) {
            return FlowDirection.INGRESS;
        }
        return (parts & EGRESS) != 0 ? FlowDirection.EGRESS : FlowDirection.ABSENT;
    }

    /** As {@link FlowRecord#absent}. */
    public static int absent(int parts) {
        return parts >>> ABSENT_SHIFT;
    }

    /** Whether there are flags to be written. */
    public static boolean hasFlags(int parts) {
        return (parts & FLAGS) != 0;
    }

    /** Whether there are plain addresses or annotations to be written. */
    public static boolean hasMore(int parts) {
        return (parts & (SOURCE_HAS_PLAIN | DESTINATION_HAS_PLAIN | ANNOTATED)) != 0;
    }

    public static void writeFlags(FlowRecord flow, int parts, DataOutputView out) throws IOException {
        if ((parts & FLAGS) != 0) {
            Wire.writeVarLong(flow.tcpFlags(), out);
        }
    }

    public static int readFlags(int parts, DataInputView in) throws IOException {
        return (parts & FLAGS) != 0 ? (int) Wire.readVarLong(in) : TcpFlags.ABSENT;
    }

    /** Writes the plain addresses that are neither absent nor the packet ones, the source first. */
    public static void writePlain(FlowRecord flow, int parts, DataOutputView out) throws IOException {
        if ((parts & SOURCE_HAS_PLAIN) != 0) {
            Wire.writeAddress(flow.plainSource(), out);
        }
        if ((parts & DESTINATION_HAS_PLAIN) != 0) {
            Wire.writeAddress(flow.plainDestination(), out);
        }
    }

    /** The plain source address; null where absent. */
    public static IpAddress readPlainSource(int parts, IpAddress packet, DataInputView in) throws IOException {
        return readPlain(parts, SOURCE_IS_PLAIN, SOURCE_HAS_PLAIN, packet, in);
    }

    /** The plain destination address, to be read after the source; null where absent. */
    public static IpAddress readPlainDestination(int parts, IpAddress packet, DataInputView in) throws IOException {
        return readPlain(parts, DESTINATION_IS_PLAIN, DESTINATION_HAS_PLAIN, packet, in);
    }

    private static IpAddress readPlain(int parts, int same, int other, IpAddress packet, DataInputView in)
            throws IOException {
        if ((parts & same) != 0) {
            return packet;
        }
        return (parts & other) != 0 ? Wire.readAddress(in) : null;
    }

    /**
     * Writes the annotations of a record that has some.
     *
     * @param texts writes one of their texts, which may be null
     */
    public static void writeAnnotations(
            FlowRecord flow, int parts, Wire.ElementWriter<String> texts, DataOutputView out) throws IOException {
        if ((parts & ANNOTATED) == 0) {
            return;
        }
        Annotations annotations = flow.annotations();
        Wire.writeVarLong(annotations.trafficPath() + 1L, out);
        texts.write(annotations.rejectReason(), out);
        texts.write(annotations.sourceService(), out);
        texts.write(annotations.destinationService(), out);
    }

    /**
     * The annotations of a record, {@link Annotations#NONE} where it has none.
     *
     * @param texts reads one of their texts, which may be null
     */
    public static Annotations readAnnotations(int parts, Wire.ElementReader<String> texts, DataInputView in)
            throws IOException {
        if ((parts & ANNOTATED) == 0) {
            return Annotations.NONE;
        }
        return new Annotations((int) Wire.readVarLong(in) - 1, texts.read(in), texts.read(in), texts.read(in));
    }
}
