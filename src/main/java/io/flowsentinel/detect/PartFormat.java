package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Parts of subjects on their way, but for the subject's scope and name, which many have in common. Equal ones are equal
 * bytes. In front stands what is asked of all of them, see {@link PartialCursor}: the hash of the subject, the family, the
 * pane.
 */
final class PartFormat {

    /** Bytes of what stands in front. */
    static final int FRONT = Integer.BYTES + 1 + Long.BYTES;

    private PartFormat() {}

    static void write(SubjectPart part, DataOutputView out) throws IOException {
        Subject subject = part.subject();
        out.writeInt(subject.hashCode());
        out.writeByte(part.family());
        out.writeLong(part.pane());
        out.writeByte(subject.space());
        subject.writeAddresses(out);
        Wire.writeVarLong(subject.port() + 1L, out);
        Wire.writeVarLong(subject.protocol() + 1L, out);
    }

    /** Reads a subject, what is behind the front. */
    static Subject read(DataInputView in, String scope, String name) throws IOException {
        return new Subject(
                in.readByte(),
                scope,
                Wire.readNullableAddress(in),
                Wire.readNullableAddress(in),
                (int) Wire.readVarLong(in) - 1,
                (int) Wire.readVarLong(in) - 1,
                name);
    }
}
