package io.flowsentinel.detect;

import io.flowsentinel.detect.PackedMarks.Counts;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Writes partial tallies into blocks, bucket after bucket, each with the texts that are named in it; read by {@link
 * PartialCursor}. Of each partial tally these follow one another: the front of the part (see {@link PartFormat}), the weight,
 * the length of all the rest; then how many entries count and how many are what else is known, scope and name of the subject,
 * the rest of the part, the lengths of what follows, the entries (see {@link
 * io.flowsentinel.detect.judging.PageFormat}), their texts. But for the front and the length of the rest all numbers are of
 * variable length, and texts numbers.
 */
final class PartialBlockWriter {

    /** Bytes: a longer block is sent before more of its bucket is written. */
    private static final int LONG = 16_384;

    private static final int NONE = -1;

    private final DataOutputSerializer bytes = new DataOutputSerializer(1_024);
    private final List<String> texts = new ArrayList<>();
    private final Consumer<PartialBlock> out;
    private NumberedTexts all;
    private int bucket = NONE;
    private int family;

    /** Where the length of the rest of the partial tally at hand stands. */
    private int lengthAt;

    /** By the number of all texts: which block has it, and by what number. */
    private int[] namedIn = new int[64];

    private int[] numbers = new int[64];
    private int blocks;

    PartialBlockWriter(Consumer<PartialBlock> out) {
        this.out = out;
    }

    /** From here on texts are named by these numbers. What was written before has to be sent. */
    void naming(NumberedTexts named) {
        all = named;
        if (namedIn.length <= named.size()) {
            namedIn = new int[2 * named.size()];
            numbers = new int[2 * named.size()];
        }
        Arrays.fill(namedIn, 0);
        blocks = 1;
    }

    /**
     * Begins the next partial tally with whose it is.
     *
     * @param itsFamily see {@link PartialBlock#family}
     * @param scope number of the subject's scope, as is {@code name} of its name
     * @param part where it stands, from {@code from} on
     */
    void begin(int itsBucket, int itsFamily, Counts counts, int scope, int name, byte[] part, int from, int length)
            throws IOException {
        if (itsBucket != bucket || itsFamily != family || bytes.length() >= LONG) {
            send();
            bucket = itsBucket;
            family = itsFamily;
        }
        bytes.write(part, from, PartFormat.FRONT);
        Wire.writeVarLong(counts.weight(), bytes);
        lengthAt = bytes.length();
        bytes.writeInt(0);
        Wire.writeVarLong(counts.counting(), bytes);
        Wire.writeVarLong(counts.facts(), bytes);
        text(scope);
        text(name);
        bytes.write(part, from + PartFormat.FRONT, length - PartFormat.FRONT);
        Wire.writeVarLong(counts.length(), bytes);
        Wire.writeVarLong(counts.texts(), bytes);
    }

    /** Writes an entry; all of them come before their texts. */
    void entry(byte[] entry, int from, int length) throws IOException {
        bytes.write(entry, from, length);
    }

    /** Writes the number that a text has in the block at hand. */
    void text(int number) throws IOException {
        if (number != NumberedTexts.NULL && namedIn[number] != blocks) {
            texts.add(all.text(number));
            namedIn[number] = blocks;
            numbers[number] = texts.size();
        }
        Wire.writeVarLong(number == NumberedTexts.NULL ? NumberedTexts.NULL : numbers[number], bytes);
    }

    /** Ends the partial tally. */
    void end() throws IOException {
        bytes.writeIntUnsafe(bytes.length() - lengthAt - Integer.BYTES, lengthAt);
    }

    /** Sends what is written. */
    void send() {
        if (bytes.length() > 0) {
            out.accept(new PartialBlock(
                    SubjectBuckets.keyOf(bucket), family, bytes.getCopyOfBuffer(), texts.toArray(String[]::new)));
            bytes.clear();
            texts.clear();
            blocks++;
        }
        bucket = NONE;
    }
}
