package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Parts of subjects on their way, but for the subject's scope and name, which many have in common. Equal ones are equal
 * bytes.
 */
final class PartFormat {

    private PartFormat() {}

    static void write(SubjectPart part, DataOutputView out) throws IOException {
        Subject subject = part.subject();
        out.writeByte(subject.space());
        Wire.writeNullableAddress(subject.address(), out);
        Wire.writeNullableAddress(subject.other(), out);
        Wire.writeVarLong(subject.port() + 1L, out);
        Wire.writeVarLong(subject.protocol() + 1L, out);
        out.writeByte(part.family());
        out.writeLong(part.pane());
    }

    static SubjectPart read(DataInputView in, String scope, String name) throws IOException {
        Subject subject = new Subject(
                in.readByte(),
                scope,
                Wire.readNullableAddress(in),
                Wire.readNullableAddress(in),
                (int) Wire.readVarLong(in) - 1,
                (int) Wire.readVarLong(in) - 1,
                name);
        return new SubjectPart(subject, in.readByte(), in.readLong());
    }
}
