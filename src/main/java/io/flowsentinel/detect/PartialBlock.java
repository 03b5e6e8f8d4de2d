package io.flowsentinel.detect;

import io.flowsentinel.serde.NounType;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.flink.api.common.typeinfo.TypeInformation;
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
     * @param key of {@link io.flowsentinel.detect.SubjectBuckets}
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
        // Where what is kept begins and ends, by turns.
        IntList cuts = new IntArrayList();
        int left = bytes.length;
        cuts.add(0);
        for (PartialCursor entries = entries(); entries.next(); ) {
            if (theirs.test(entries)) {
                cuts.add(entries.start());
                cuts.add(entries.end());
                left -= entries.end() - entries.start();
                taken.accept(entries);
            }
        }
        cuts.add(bytes.length);
        if (left == bytes.length) {
            return this;
        }
        return left == 0 ? null : new PartialBlock(key, family, kept(cuts, left), texts);
    }

    private byte[] kept(IntList cuts, int length) {
        byte[] kept = new byte[length];
        int filled = 0;
        for (int cut = 0; cut < cuts.size(); cut += 2) {
            int from = cuts.getInt(cut);
            int size = cuts.getInt(cut + 1) - from;
            System.arraycopy(bytes, from, kept, filled, size);
            filled += size;
        }
        return kept;
    }
}
