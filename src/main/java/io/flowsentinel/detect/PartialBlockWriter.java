package io.flowsentinel.detect;

import io.flowsentinel.serde.Buckets;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Writes partial tallies into blocks, bucket after bucket, each with the texts that are named in it. */
final class PartialBlockWriter {

    /** Bytes: a longer block is sent before more of its bucket is written. */
    private static final int LONG = 16_384;

    private static final int NONE = -1;

    private final DataOutputSerializer bytes = new DataOutputSerializer(1_024);
    private final List<String> texts = new ArrayList<>();
    private final Consumer<PartialBlock> out;
    private NumberedTexts all;
    private int bucket = NONE;

    /** By the number of all texts: which block has it, and by what number. */
    private int[] namedIn = new int[64];

    private int[] numbers = new int[64];
    private int blocks;

    PartialBlockWriter(Consumer<PartialBlock> out) {
        this.out = out;
    }

    /** Begins with other texts; what was written before is sent. */
    void naming(NumberedTexts named) {
        all = named;
        if (namedIn.length <= named.size()) {
            namedIn = new int[2 * named.size()];
            numbers = new int[2 * named.size()];
        }
        Arrays.fill(namedIn, 0);
        blocks = 1;
    }

    /** Where to write the next partial tally of a bucket. */
    DataOutputSerializer of(int itsBucket) {
        if (itsBucket != bucket || bytes.length() >= LONG) {
            send();
            bucket = itsBucket;
        }
        return bytes;
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

    /** Sends what is written. */
    void send() {
        if (bytes.length() > 0) {
            out.accept(new PartialBlock(Buckets.keyOf(bucket), bytes.getCopyOfBuffer(), texts.toArray(String[]::new)));
            bytes.clear();
            texts.clear();
            blocks++;
        }
        bucket = NONE;
    }
}
