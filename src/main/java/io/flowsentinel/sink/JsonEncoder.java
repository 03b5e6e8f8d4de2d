package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** An encoder that streams JSON into a buffer used again for every message. */
abstract class JsonEncoder<T> implements FeedEncoder<T> {

    private static final JsonFactory FACTORY = new JsonFactory();

    private static final int USUAL_BYTES = 2048;

    private transient ByteArrayBuilder buffer;

    /** Text of the message key. */
    abstract String keyText(T element);

    /** Writes the message as one object. */
    abstract void write(T element, JsonGenerator json) throws IOException;

    @Override
    public final byte[] key(T element) {
        return keyText(element).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public final byte[] value(T element) {
        if (buffer == null) {
            buffer = new ByteArrayBuilder(USUAL_BYTES);
        }
        buffer.reset();
        try (JsonGenerator json = FACTORY.createGenerator(buffer)) {
            write(element, json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return buffer.toByteArray();
    }
}
