package io.flowsentinel.parse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Decodes tag values: AWS writes them as percent-encoded UTF-8, a hyphen as {@code %2D}. */
final class PercentText {

    private PercentText() {}

    /** The decoded text. A percent sign that starts no valid escape stands for itself: tags are best effort. */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            int escaped = encoded[i] == '%' ? escape(encoded, i + 1) : -1;
            decoded.write(escaped < 0 ? encoded[i] : escaped);
            i += escaped < 0 ? 0 : 2;
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    /** The byte two hexadecimal digits stand for; negative where there are none. */
    private static int escape(byte[] encoded, int at) {
        if (at + 2 > encoded.length) {
            return -1;
        }
        int high = Character.digit(encoded[at], 16);
        int low = Character.digit(encoded[at + 1], 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
