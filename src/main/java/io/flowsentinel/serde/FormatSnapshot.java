package io.flowsentinel.serde;

import java.io.IOException;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a savepoint says of a serializer: its class and the number of the format its values are written in.
 *
 * <p>Whoever changes a format gives it the next number. Values of another format are refused, with the numbers in the
 * message, unless the subclass overrides {@link #reader} with a serializer that reads the older one; Flink then migrates
 * the state as it restores it.
 *
 * @param <T> what the serializer writes
 */
public abstract class FormatSnapshot<T> implements TypeSerializerSnapshot<T> {

    private static final int LAYOUT = 1;

    private final Supplier<? extends TypeSerializer<T>> serializer;
    private final int format;

    /** What the values were written in: the present format, unless this was read from a savepoint. */
    private int written;

    /**
     * Of a serializer that writes the present format.
     *
     * @param format its number, from 1
     */
    protected FormatSnapshot(Supplier<? extends TypeSerializer<T>> serializer, int format) {
        this.serializer = serializer;
        this.format = format;
        this.written = format;
    }

    /** A serializer that reads an older format and writes the present one; null where it is not read any more. */
    protected TypeSerializer<T> reader(int olderFormat) {
        return null;
    }

    @Override
    public final int getCurrentVersion() {
        return LAYOUT;
    }

    @Override
    public final void writeSnapshot(DataOutputView out) throws IOException {
        out.writeInt(written);
    }

    @Override
    public final void readSnapshot(int layout, DataInputView in, ClassLoader classes) throws IOException {
        if (layout != LAYOUT) {
            throw new IOException("Savepoint of another version: " + getClass().getName() + " is laid out as number "
                    + layout + "; this version reads " + LAYOUT);
        }
        written = in.readInt();
    }

    @Override
    public final TypeSerializer<T> restoreSerializer() {
        TypeSerializer<T> restored = written == format ? serializer.get() : reader(written);
        if (restored == null) {
            throw new IllegalStateException(refusal());
        }
        return restored;
    }

    @Override
    public final TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(TypeSerializerSnapshot<T> old) {
        if (!(old instanceof FormatSnapshot<T> other) || other.getClass() != getClass()) {
            return TypeSerializerSchemaCompatibility.incompatible();
        }
        if (other.written == format) {
            return TypeSerializerSchemaCompatibility.compatibleAsIs();
        }
        return other.reader(other.written) == null
                ? TypeSerializerSchemaCompatibility.incompatible()
                : TypeSerializerSchemaCompatibility.compatibleAfterMigration();
    }

    private String refusal() {
        return "Savepoint of another version: " + getClass().getName() + " finds values of format " + written
                + " and reads format " + format
                + "; restore with the version that wrote it, or start without its state";
    }
}
