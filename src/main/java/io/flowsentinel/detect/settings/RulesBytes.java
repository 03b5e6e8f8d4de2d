package io.flowsentinel.detect.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Writes rules so that they can be sent and kept: the rules file's text, and every list. */
public final class RulesBytes {

    private static final int FIRST_SIZE = 4_096;

    private RulesBytes() {}

    /** Rules with their lists, for {@link #read}. */
    public static byte[] of(Rules rules) {
        DataOutputSerializer out = new DataOutputSerializer(FIRST_SIZE);
        try {
            out.writeUTF(rules.fileName());
            out.writeBoolean(rules.yaml() != null);
            if (rules.yaml() != null) {
                byte[] yaml = rules.yaml().getBytes(StandardCharsets.UTF_8);
                out.writeInt(yaml.length);
                out.write(yaml);
            }
            rules.lists().write(out);
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory does not fail", e);
        }
        return out.getCopyOfBuffer();
    }

    /** What {@link #of} wrote, checked again: it may be read by a later version of this program, with other rules. */
    public static Rules read(byte[] bytes) {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        try {
            String fileName = in.readUTF();
            Rules rules = Rules.defaults();
            if (in.readBoolean()) {
                byte[] yaml = new byte[in.readInt()];
                in.readFully(yaml);
                rules = Rules.load(new String(yaml, StandardCharsets.UTF_8), fileName);
            }
            return rules.withLists(AddressLists.read(in));
        } catch (IOException e) {
            throw new IllegalStateException("The rules in the state cannot be read", e);
        }
    }
}
