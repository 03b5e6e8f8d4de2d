package io.flowsentinel.source.lines;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;

/**
 * Writes the values of a column as fields of a line: numbers in digits, no value and an empty one as a hyphen, text as it
 * is but for blanks and control characters, which would end the field or the line and so are percent-encoded.
 */
final class ParquetField extends PrimitiveConverter {

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final int DELETE = 0x7f;

    /** Beyond, a long would not hold it. */
    private static final double WHOLE_NUMBERS = 1e18;

    private final ParquetColumn column;
    private final ParquetRow row;
    private final int presentLevel;
    private Dictionary dictionary;

    /** The values of the dictionary as fields, those that came up so far. */
    private byte[][] known = {};

    ParquetField(ParquetColumn column, ParquetRow row) {
        this.column = column;
        this.row = row;
        this.presentLevel = column.descriptor().getMaxDefinitionLevel();
    }

    /** Whether a value of this definition level is one, and not null. */
    boolean isPresent(int definitionLevel) {
        return definitionLevel == presentLevel;
    }

    void absent() {
        row.one('-');
    }

    @Override
    public boolean hasDictionarySupport() {
        return true;
    }

    @Override
    public void setDictionary(Dictionary newDictionary) {
        dictionary = newDictionary;
        known = new byte[newDictionary.getMaxId() + 1][];
    }

    @Override
    public void addValueFromDictionary(int id) {
        byte[] field = known[id];
        if (field != null) {
            row.raw(field, 0, field.length);
            return;
        }
        int begin = row.length();
        decode(id);
        if (!row.overlong()) {
            known[id] = Arrays.copyOfRange(row.bytes(), begin, row.length());
        }
    }

    @Override
    public void addInt(int value) {
        row.number(column.unsigned() ? Integer.toUnsignedLong(value) : value);
    }

    @Override
    public void addLong(long value) {
        if (column.unsigned() && value < 0) {
            ascii(Long.toUnsignedString(value));
        } else {
            row.number(value);
        }
    }

    @Override
    public void addBoolean(boolean value) {
        byte[] word = value ? TRUE : FALSE;
        row.raw(word, 0, word.length);
    }

    @Override
    public void addFloat(float value) {
        if (!absentOrWhole(value)) {
            ascii(Float.toString(value));
        }
    }

    @Override
    public void addDouble(double value) {
        if (!absentOrWhole(value)) {
            ascii(Double.toString(value));
        }
    }

    @Override
    public void addBinary(Binary value) {
        ByteBuffer bytes = value.toByteBuffer();
        if (!bytes.hasRemaining()) {
            absent();
        } else if (bytes.hasArray()) {
            int begin = bytes.arrayOffset() + bytes.position();
            text(bytes.array(), begin, begin + bytes.remaining());
        } else {
            byte[] copy = value.getBytes();
            text(copy, 0, copy.length);
        }
    }

    private void decode(int id) {
        switch (column.libraryType()) {
            case INT32 -> addInt(dictionary.decodeToInt(id));
            case INT64 -> addLong(dictionary.decodeToLong(id));
            case FLOAT -> addFloat(dictionary.decodeToFloat(id));
            case DOUBLE -> addDouble(dictionary.decodeToDouble(id));
            case BOOLEAN -> addBoolean(dictionary.decodeToBoolean(id));
            case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> addBinary(dictionary.decodeToBinary(id));
        }
    }

    /** Writers whose integers cannot be absent write integers with absent ones among them as floating point numbers. */
    private boolean absentOrWhole(double value) {
        if (Double.isNaN(value)) {
            absent();
            return true;
        }
        boolean whole = Math.rint(value) == value && Math.abs(value) < WHOLE_NUMBERS;
        if (whole) {
            row.number((long) value);
        }
        return whole;
    }

    private void text(byte[] bytes, int begin, int end) {
        boolean plain = true;
        boolean ascii = true;
        for (int i = begin; i < end; i++) {
            plain &= !breaksLine(bytes[i]);
            ascii &= bytes[i] >= 0;
        }
        boolean utf8 = ascii || isUtf8(bytes, begin, end);
        if (plain && utf8) {
            row.raw(bytes, begin, end);
            return;
        }
        for (int i = begin; i < end && !row.overlong(); i++) {
            if (breaksLine(bytes[i]) || (bytes[i] < 0 && !utf8)) {
                row.percentEncoded(bytes[i]);
            } else {
                row.one(bytes[i]);
            }
        }
    }

    private static boolean breaksLine(byte one) {
        return (one >= 0 && one <= ' ') || one == DELETE;
    }

    private static boolean isUtf8(byte[] bytes, int begin, int end) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, begin, end - begin));
            return true;
        } catch (CharacterCodingException otherwise) {
            return false;
        }
    }

    private void ascii(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        row.raw(bytes, 0, bytes.length);
    }
}
