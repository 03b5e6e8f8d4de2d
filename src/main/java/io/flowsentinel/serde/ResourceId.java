package io.flowsentinel.serde;

import java.io.IOException;
import java.util.HexFormat;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Ids of interfaces and instances in few bytes. AWS writes a prefix and 17 hexadecimal digits of which the first is 0, or,
 * for those made before 2018, 8 digits (docs.aws.amazon.com, "Amazon EC2 resource IDs"). What is no such id is written as
 * the text it is.
 */
public final class ResourceId {

    private static final String[] PREFIXES = {"eni-", "i-"};

    private static final int LONG_DIGITS = 17;
    private static final int SHORT_DIGITS = 8;

    /** In front of what follows; beyond them two for each prefix, the first for long ids. */
    private static final int ABSENT = 0;

    private static final int TEXT = 1;
    private static final int FIRST_PREFIX = 2;

    private static final HexFormat HEX = HexFormat.of();

    private ResourceId() {}

    /** Writes an id, or null. */
    public static void write(String id, DataOutputView out) throws IOException {
        if (id == null) {
            out.writeByte(ABSENT);
            return;
        }
        for (int i = 0; i < PREFIXES.length; i++) {
            int digits = id.length() - PREFIXES[i].length();
            if (id.startsWith(PREFIXES[i]) && isHex(id, PREFIXES[i].length())) {
                if (digits == LONG_DIGITS && id.charAt(PREFIXES[i].length()) == '0') {
                    out.writeByte(FIRST_PREFIX + 2 * i);
                    out.writeLong(HexFormat.fromHexDigitsToLong(id, PREFIXES[i].length() + 1, id.length()));
                    return;
                }
                if (digits == SHORT_DIGITS) {
                    out.writeByte(FIRST_PREFIX + 2 * i + 1);
                    out.writeInt(HexFormat.fromHexDigits(id, PREFIXES[i].length(), id.length()));
                    return;
                }
            }
        }
        out.writeByte(TEXT);
        Wire.writeNullable(id, out);
    }

    /** Upper-case digits would not come back as they were. */
    private static boolean isHex(String id, int from) {
        for (int i = from; i < id.length(); i++) {
            char digit = id.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** The id that {@link #write} wrote; null where it was null. */
    public static String read(DataInputView in) throws IOException {
        int kind = in.readByte();
        if (kind == ABSENT) {
            return null;
        }
        if (kind == TEXT) {
            return Wire.readNullable(in);
        }
        String prefix = PREFIXES[(kind - FIRST_PREFIX) / 2];
        boolean isLong = (kind - FIRST_PREFIX) % 2 == 0;
        return isLong ? prefix + "0" + HEX.toHexDigits(in.readLong()) : prefix + HEX.toHexDigits(in.readInt());
    }
}
