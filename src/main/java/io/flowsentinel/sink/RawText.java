package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Writes bytes of a log as text where they are text, else in Base64 under the name with {@code _base64} added. Text is
 * valid UTF-8 without control characters, tabs aside: what a terminal shows as it was. Nothing is replaced, so the
 * bytes can be had back from either form.
 */
final class RawText {

    private RawText() {}

    /** @param line the bytes, one char each */
    static void write(JsonGenerator json, String name, String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        String text = text(bytes);
        if (text != null) {
            json.writeStringField(name, text);
        } else {
            json.writeStringField(name + "_base64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    /** The bytes as text; null where they are not. */
    private static String text(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
        return text.chars().allMatch(c -> c == '\t' || !Character.isISOControl(c)) ? text : null;
    }
}
