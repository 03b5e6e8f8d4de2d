package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.serde.NounType;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.util.function.ThrowingConsumer;

/**
 * Partial tallies of one bucket, packed: what crosses the key exchange. One of its own costs more on this way than all that
 * was counted. Made by {@link PartialBlockWriter}, and never changed then.
 */
public final class PartialBlock {

    /** How blocks cross to where subjects are judged. */
    public static final TypeInformation<PartialBlock> TYPE =
            new NounType<>(PartialBlock.class, PartialBlockSerializer::new);

    private final int key;
    private final byte[] bytes;
    private final String[] texts;

    /**
     * A block of at least one partial tally.
     *
     * @param key of {@link io.flowsentinel.serde.Buckets}
     * @param texts by the number, from 1, that what is written has for them
     */
    PartialBlock(int key, byte[] bytes, String[] texts) {
        this.key = key;
        this.bytes = bytes;
        this.texts = texts;
    }

    /** The key of the bucket whose state is kept together. */
    public int key() {
        return key;
    }

    /** Not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** Not to be changed. */
    String[] texts() {
        return texts;
    }

    /** Shows all that is in it, each of which is the reader's to keep. */
    <E extends Exception> void forEach(ThrowingConsumer<Partial, E> reader) throws E {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        while (in.available() > 0) {
            reader.accept(next(in));
        }
    }

    private Partial next(DataInputDeserializer in) {
        try {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what was counted", e);
        }
    }

    /** As {@link PartialBlockWriter} writes it. */
    private Partial read(DataInputDeserializer in) throws IOException {
        int countingEntries = (int) Wire.readVarLong(in);
        int factEntries = (int) Wire.readVarLong(in);
        long weight = Wire.readVarLong(in);
        String scope = text(in);
        String name = text(in);
        SubjectPart part = PartFormat.read(in, scope, name);
        byte[] entries = new byte[(int) Wire.readVarLong(in)];
        String[] theirs = new String[(int) Wire.readVarLong(in)];
        in.readFully(entries);
        for (int i = 0; i < theirs.length; i++) {
            theirs[i] = text(in);
        }
        return new Partial(part, Page.written(entries, theirs, countingEntries, factEntries, weight));
    }

    private String text(DataInputDeserializer in) throws IOException {
        int number = (int) Wire.readVarLong(in);
        return number == NumberedTexts.NULL ? null : texts[number - 1];
    }
}
