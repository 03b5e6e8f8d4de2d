package io.flowsentinel.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class FormatSnapshotTest {

    @Test
    void thePresentFormatIsReadAsItIs() throws IOException {
        AccountsSerializer.Snapshot present = new AccountsSerializer.Snapshot();

        AccountsSerializer.Snapshot restored = restored(1);

        assertThat(restored.restoreSerializer()).isInstanceOf(AccountsSerializer.class);
        assertThat(present.resolveSchemaCompatibility(restored).isCompatibleAsIs())
                .isTrue();
    }

    @Test
    void anotherFormatIsRefusedWithTheNumbersOfBoth() throws IOException {
        AccountsSerializer.Snapshot other = restored(7);

        assertThatThrownBy(other::restoreSerializer).hasMessageContainingAll("Accounts", "format 7", "format 1");
        assertThat(new AccountsSerializer.Snapshot()
                        .resolveSchemaCompatibility(other)
                        .isIncompatible())
                .isTrue();
    }

    @Test
    void anotherLayoutIsRefusedWithTheNumbersOfBoth() {
        DataInputDeserializer in = new DataInputDeserializer(new byte[Integer.BYTES]);

        assertThatThrownBy(() -> new AccountsSerializer.Snapshot()
                        .readSnapshot(3, in, getClass().getClassLoader()))
                .hasMessageContainingAll("number 3", "reads 1");
    }

    private static AccountsSerializer.Snapshot restored(int format) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(Integer.BYTES);
        out.writeInt(format);
        AccountsSerializer.Snapshot snapshot = new AccountsSerializer.Snapshot();
        snapshot.readSnapshot(
                snapshot.getCurrentVersion(),
                new DataInputDeserializer(out.getCopyOfBuffer()),
                FormatSnapshotTest.class.getClassLoader());
        return snapshot;
    }
}
