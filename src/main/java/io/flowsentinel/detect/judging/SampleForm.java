package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.judging.Sample.Told;
import io.flowsentinel.model.Alert.Party;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.ConnectionId;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.serde.ResourceId;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A sample as it is sent and kept: some bytes, and beside them the texts that many samples have in common, so that they are
 * in memory once. Both may be part of what it was read from, which is not changed and stays in memory as long as it does.
 */
public final class SampleForm {

    /** Texts in order; none comes first. */
    static final Comparator<String> TEXTS = Comparator.nullsFirst(Comparator.naturalOrder());

    private static final int USUAL_SIZE = 96;

    private static final HexFormat HEX = HexFormat.of();
    private static final ConnState[] STATES = ConnState.values();
    private static final Verdict[] VERDICTS = Verdict.values();

    /**
     * What the bytes begin with: the id of a connection as the 16 bytes it is, or none, or some other text; or, of nearly
     * all, what it is made of beside all the rest: it takes a while, and of few it is ever asked for.
     */
    private static final int CONNECTION_ID = 1;

    private static final int NO_ID = 0;
    private static final int OTHER_ID = 2;
    private static final int ID_TO_MAKE = 3;
    private static final int ID_BYTES = 16;

    private static final int DIGIT_BITS = 4;
    private static final byte NO_DIGIT = -1;

    /** By character what it is as a digit: ids are random, so to compare each with '9' and 'a' is to guess wrong. */
    private static final byte[] DIGITS = digits();

    private static final int TRANSLATED = 1;
    private static final int GUESSED = 1 << 1;

    /** Of a party: there is one, and whether it is internal. */
    private static final int PRESENT = 1;

    private static final int INTERNAL = 1 << 1;

    /** The first texts; behind them the objects of the records. */
    private static final int SCOPE = 0;

    private static final int INTERFACE_ID = 1;
    private static final int OBJECTS = 2;

    /** Of which these are its own; they begin with the id. */
    private final byte[] bytes;

    private final int from;
    private final int to;

    private final String[] texts;
    private final int firstText;
    private final int textCount;

    /** Once it was made; null before. */
    private String madeId;

    private SampleForm(byte[] bytes, int from, int to, String[] texts, int firstText, int textCount) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.texts = texts;
        this.firstText = firstText;
        this.textCount = textCount;
    }

    private SampleForm(byte[] bytes, String[] texts) {
        this(bytes, 0, bytes.length, texts, 0, texts.length);
    }

    static SampleForm of(Told told) {
        List<String> texts = new ArrayList<>(OBJECTS + 2);
        texts.add(told.scope());
        texts.add(told.interfaceId());
        DataOutputSerializer out = new DataOutputSerializer(USUAL_SIZE);
        try {
            writeId(told, out);
            writeParty(told.originator(), out);
            writeParty(told.responder(), out);
            out.writeByte(told.protocol());
            Wire.writePlace(told.state(), out);
            Wire.writePlace(told.verdict(), out);
            Wire.writeVarLong(told.end() - told.start(), out);
            out.writeByte(Wire.part(TRANSLATED, told.translated()) | Wire.part(GUESSED, told.guessed()));
            Wire.writeVarLong(told.records().size(), out);
            for (RecordRef ref : told.records()) {
                Wire.writeVarLong(indexOf(ref.object(), texts), out);
                Wire.writeVarLong(ref.line(), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a sample", e);
        }
        return new SampleForm(out.getCopyOfBuffer(), texts.toArray(String[]::new));
    }

    private static void writeParty(Party party, DataOutputView out) throws IOException {
        if (party == null) {
            out.writeByte(0);
            return;
        }
        out.writeByte(PRESENT | Wire.part(INTERNAL, party.internal()));
        Wire.writeEndpoint(party.endpoint(), out);
        Wire.writeVarLong(party.packets(), out);
        Wire.writeVarLong(party.bytes(), out);
        ResourceId.write(party.interfaceId(), out);
        ResourceId.write(party.instanceId(), out);
    }

    private static Party readParty(DataInputView in) throws IOException {
        int bits = in.readByte();
        if (bits == 0) {
            return null;
        }
        return new Party(
                Wire.readEndpoint(in),
                (bits & INTERNAL) != 0,
                Wire.readVarLong(in),
                Wire.readVarLong(in),
                ResourceId.read(in),
                ResourceId.read(in));
    }

    private static int indexOf(String object, List<String> texts) {
        for (int i = OBJECTS; i < texts.size(); i++) {
            if (texts.get(i).equals(object)) {
                return i;
            }
        }
        texts.add(object);
        return texts.size() - 1;
    }

    Told told(long start) {
        DataInputDeserializer in = reader();
        try {
            int kind = in.readByte();
            String id = kind == ID_TO_MAKE ? null : readId(kind, in);
            long idStart = id == null ? start + Wire.readVarLong(in) : start;
            int split = id == null ? (int) Wire.readVarLong(in) : 0;
            Party originator = readParty(in);
            Party responder = readParty(in);
            int protocol = in.readUnsignedByte();
            ConnState state = Wire.readPlace(STATES, in);
            Verdict verdict = Wire.readPlace(VERDICTS, in);
            long end = start + Wire.readVarLong(in);
            int bits = in.readByte();
            List<RecordRef> records = Wire.readList(
                    each -> new RecordRef(text((int) Wire.readVarLong(each)), Wire.readVarLong(each)), in);
            return new Told(
                    id == null ? made(originator, responder, protocol, idStart, split) : ConnectionId.of(id),
                    text(SCOPE),
                    originator,
                    responder,
                    protocol,
                    state,
                    verdict,
                    start,
                    end,
                    text(INTERFACE_ID),
                    (bits & TRANSLATED) != 0,
                    (bits & GUESSED) != 0,
                    records);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read a sample", e);
        }
    }

    private ConnectionId made(Party originator, Party responder, int protocol, long start, int split) {
        ConnectionKey key = ConnectionKey.between(text(SCOPE), protocol, originator.endpoint(), responder.endpoint());
        return ConnectionId.of(key, start, split);
    }

    /** As texts are ordered; the bytes of two ids of connections are ordered as their digits are. */
    static int compareIds(SampleForm one, SampleForm other, long start) {
        if (one.kind() == CONNECTION_ID && other.kind() == CONNECTION_ID) {
            return Arrays.compareUnsigned(
                    one.bytes,
                    one.from + 1,
                    one.from + 1 + ID_BYTES,
                    other.bytes,
                    other.from + 1,
                    other.from + 1 + ID_BYTES);
        }
        return one.id(start).compareTo(other.id(start));
    }

    /**
     * The order of two samples of single records with the same start, by scope and interface; 0 where those are equal too,
     * or the samples differ in more than texts: then they have to be read.
     */
    static int compareTexts(SampleForm one, SampleForm other) {
        if (one.kind() != NO_ID || !Arrays.equals(one.bytes, one.from, one.to, other.bytes, other.from, other.to)) {
            return 0;
        }
        int byScope = TEXTS.compare(one.text(SCOPE), other.text(SCOPE));
        return byScope != 0 ? byScope : TEXTS.compare(one.text(INTERFACE_ID), other.text(INTERFACE_ID));
    }

    boolean ofConnection() {
        return kind() != NO_ID;
    }

    /** Of the id. */
    private byte kind() {
        return bytes[from];
    }

    private String text(int number) {
        return texts[firstText + number];
    }

    private DataInputDeserializer reader() {
        return new DataInputDeserializer(bytes, from, to - from);
    }

    /** The text of the connection's id; empty for none. */
    String id(long start) {
        if (kind() == ID_TO_MAKE) {
            if (madeId == null) {
                madeId = told(start).connectionId().text();
            }
            return madeId;
        }
        DataInputDeserializer in = reader();
        try {
            return readId(in.readByte(), in);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read a sample", e);
        }
    }

    /** What stands in the place of the scope may be another than the connection's: then it cannot be made again. */
    private static void writeId(Told told, DataOutputView out) throws IOException {
        ConnectionId id = told.connectionId();
        if (id.key() == null || !id.key().scope().equals(told.scope())) {
            writeId(id.text(), out);
        } else {
            out.writeByte(ID_TO_MAKE);
            Wire.writeVarLong(id.start() - told.start(), out);
            Wire.writeVarLong(id.split(), out);
        }
    }

    private static void writeId(String id, DataOutputView out) throws IOException {
        if (id.isEmpty()) {
            out.writeByte(NO_ID);
            return;
        }
        long high = 0;
        long low = 0;
        int worst = id.length() == 2 * ID_BYTES ? 0 : NO_DIGIT;
        for (int i = 0; i < ID_BYTES && worst >= 0; i++) {
            int ofHigh = digit(id.charAt(i));
            int ofLow = digit(id.charAt(ID_BYTES + i));
            high = high << DIGIT_BITS | ofHigh;
            low = low << DIGIT_BITS | ofLow;
            worst = ofHigh | ofLow;
        }
        if (worst >= 0) {
            out.writeByte(CONNECTION_ID);
            out.writeLong(high);
            out.writeLong(low);
        } else {
            out.writeByte(OTHER_ID);
            Wire.writeNullable(id, out);
        }
    }

    /** Of lower-case digits alone, others would not come back as they were; negative for anything else. */
    private static int digit(char character) {
        return character < DIGITS.length ? DIGITS[character] : NO_DIGIT;
    }

    private static byte[] digits() {
        byte[] digits = new byte[128];
        Arrays.fill(digits, NO_DIGIT);
        for (int value = 0; value < 1 << DIGIT_BITS; value++) {
            digits[HEX.toLowHexDigit(value)] = (byte) value;
        }
        return digits;
    }

    private static String readId(int kind, DataInputView in) throws IOException {
        if (kind == NO_ID) {
            return "";
        }
        return kind == CONNECTION_ID
                ? HEX.toHexDigits(in.readLong()) + HEX.toHexDigits(in.readLong())
                : Wire.readNullable(in);
    }

    /** Writes it but for its texts, which it gives away. */
    void write(DataOutputView out, Consumer<String> all) throws IOException {
        Wire.writeVarLong(to - from, out);
        out.write(bytes, from, to - from);
        out.writeByte(textCount);
        for (int i = 0; i < textCount; i++) {
            all.accept(text(i));
        }
    }

    /**
     * Reads what was written.
     *
     * @param in reads {@code bytes}; both they and the texts are not changed any more
     * @param texts in the order in which they were given away
     * @param next the first that nobody has read
     */
    static SampleForm read(DataInputDeserializer in, byte[] bytes, String[] texts, int next) throws IOException {
        int length = (int) Wire.readVarLong(in);
        int from = in.getPosition();
        in.skipBytesToRead(length);
        return new SampleForm(bytes, from, from + length, texts, next, in.readByte());
    }

    /** The same without what it is part of, for whoever keeps it for long. */
    SampleForm alone() {
        return bytes.length == to - from && texts.length == textCount
                ? this
                : new SampleForm(
                        Arrays.copyOfRange(bytes, from, to),
                        Arrays.copyOfRange(texts, firstText, firstText + textCount));
    }

    /** How many texts it has. */
    int textCount() {
        return textCount;
    }

    /** Writes it, self-contained. */
    public void write(DataOutputView out) throws IOException {
        Wire.writeVarLong(to - from, out);
        out.write(bytes, from, to - from);
        Wire.writeVarLong(textCount, out);
        for (int i = 0; i < textCount; i++) {
            Wire.writeNullable(text(i), out);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static SampleForm read(DataInputView in) throws IOException {
        byte[] bytes = new byte[(int) Wire.readVarLong(in)];
        in.readFully(bytes);
        String[] texts = new String[(int) Wire.readVarLong(in)];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = Wire.readRepeated(in);
        }
        return new SampleForm(bytes, texts);
    }
}
