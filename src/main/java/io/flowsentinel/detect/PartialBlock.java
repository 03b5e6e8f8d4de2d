package io.flowsentinel.detect;

import io.flowsentinel.serde.NounType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.function.ThrowingConsumer;

/**
 * Partial tallies of one bucket, packed: what crosses the key exchange. One of its own costs more on this way than all that
 * was counted. Made by {@link PartialBlockWriter}, and never changed then.
 */
public final class PartialBlock {

    /** How blocks cross to where subjects are judged. */
    public static final TypeInformation<PartialBlock> TYPE =
            new NounType<>(PartialBlock.class, PartialBlockSerializer::new);

    /** In the place of a family's code, where there are several. */
    static final int SEVERAL = 0;

    private final int key;
    private final int family;
    private final byte[] bytes;
    private final String[] texts;

    /**
     * A block of at least one partial tally.
     *
     * @param key of {@link io.flowsentinel.serde.Buckets}
     * @param family code of the family that all of it is for, where that is one whose subjects rest (see {@link
     *     Backlog}); else {@link #SEVERAL}
     * @param texts by the number, from 1, that what is written has for them
     */
    PartialBlock(int key, int family, byte[] bytes, String[] texts) {
        this.key = key;
        this.family = family;
        this.bytes = bytes;
        this.texts = texts;
    }

    /** The key of the bucket whose state is kept together. */
    public int key() {
        return key;
    }

    /** Code of the family that all of it is for, {@link #SEVERAL} where it is not for one whose subjects rest. */
    int family() {
        return family;
    }

    /** Not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** Not to be changed. */
    String[] texts() {
        return texts;
    }

    /** Goes through all that is in it. */
    PartialCursor entries() {
        return new PartialCursor(bytes, texts);
    }

    /** Shows all that is in it, each of which is the reader's to keep. */
    <E extends Exception> void forEach(ThrowingConsumer<Partial, E> reader) throws E {
        for (PartialCursor entries = entries(); entries.next(); ) {
            reader.accept(entries.read());
        }
    }

    /**
     * What is left of it without some: itself where nothing is taken out, null where everything is.
     *
     * @param theirs by what stands in front of each
     * @param taken sees what is taken out, in its order
     */
    PartialBlock without(Predicate<PartialCursor> theirs, Consumer<PartialCursor> taken) {
        DataOutputSerializer left = null;
        int kept = 0;
        PartialCursor entries = entries();
        while (entries.next()) {
            if (theirs.test(entries)) {
                if (left == null) {
                    left = new DataOutputSerializer(bytes.length);
                }
                append(left, kept, entries.start());
                kept = entries.end();
                taken.accept(entries);
            }
        }
        if (left == null) {
            return this;
        }
        append(left, kept, bytes.length);
        return left.length() == 0 ? null : new PartialBlock(key, family, left.getCopyOfBuffer(), texts);
    }

    private void append(DataOutputSerializer left, int from, int to) {
        try {
            left.write(bytes, from, to - from);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy what was counted", e);
        }
    }
}
