package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.core.memory.DataInputDeserializer;

/**
 * Goes through the partial tallies of a block by what stands in front of each, and reads the rest where it is asked to: of
 * most of them nobody ever does. See {@link PartialBlockWriter} for what stands where.
 */
final class PartialCursor {

    private final DataInputDeserializer in;
    private final String[] texts;

    /** Where the one at hand begins, where its rest does, and where the next one begins. */
    private int start;

    private int rest;
    private int end;

    private int subjectHash;
    private int family;
    private long pane;
    private long weight;

    PartialCursor(byte[] bytes, String[] texts) {
        this.in = new DataInputDeserializer(bytes);
        this.texts = texts;
    }

    /** Goes on to the next one; false where there is none. */
    boolean next() {
        try {
            in.skipBytesToRead(end - in.getPosition());
            if (in.available() == 0) {
                return false;
            }
            start = end;
            subjectHash = in.readInt();
            family = in.readByte();
            pane = in.readLong();
            weight = Wire.readVarLong(in);
            int length = in.readInt();
            rest = in.getPosition();
            end = rest + length;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what was counted", e);
        }
        return true;
    }

    /** Where the one at hand begins, in bytes. */
    int start() {
        return start;
    }

    /** The first byte behind it. */
    int end() {
        return end;
    }

    /** Hash of the subject. */
    int subjectHash() {
        return subjectHash;
    }

    /** Code of the family. */
    int family() {
        return family;
    }

    /** Start of the pane, in epoch seconds. */
    long pane() {
        return pane;
    }

    /** What all that counts weighs, see {@link Page#weight}. */
    long weight() {
        return weight;
    }

    /** Reads all of it, the reader's to keep. */
    Partial read() {
        try {
            in.skipBytesToRead(rest - in.getPosition());
            return partial();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what was counted", e);
        }
    }

    private Partial partial() throws IOException {
        int countingEntries = (int) Wire.readVarLong(in);
        int factEntries = (int) Wire.readVarLong(in);
        String scope = text();
        String name = text();
        Subject subject = PartFormat.read(in, scope, name);
        byte[] entries = new byte[(int) Wire.readVarLong(in)];
        String[] theirs = new String[(int) Wire.readVarLong(in)];
        in.readFully(entries);
        for (int i = 0; i < theirs.length; i++) {
            theirs[i] = text();
        }
        return new Partial(
                new SubjectPart(subject, family, pane),
                Page.written(entries, theirs, countingEntries, factEntries, weight));
    }

    private String text() throws IOException {
        int number = (int) Wire.readVarLong(in);
        return number == NumberedTexts.NULL ? null : texts[number - 1];
    }
}
