package io.flowsentinel.source.lines;

import java.io.IOException;
import java.util.List;

/** The lines of a text object, as its text arrives. {@link #advance()} only after {@link #ready()}. */
final class TextLines implements ObjectLines {

    /** The line buffer of all but small objects. */
    static final int BUFFER_BYTES = 256 * 1024;

    private final ArrivedText text;
    private final LineReader lines;

    /** @param storedSize how many bytes the object has, as it is stored */
    TextLines(ArrivedText text, long storedSize) {
        this.text = text;
        this.lines =
                new LineReader(text, ArrivedText.bufferBytes(storedSize, BUFFER_BYTES), ObjectLines.MAX_LINE_BYTES);
    }

    @Override
    public List<String> columns() {
        return List.of();
    }

    @Override
    public boolean ready() throws IOException {
        return lines.ready();
    }

    @Override
    public boolean advance() throws IOException {
        return lines.advance();
    }

    @Override
    public byte[] buffer() {
        return lines.buffer();
    }

    @Override
    public int from() {
        return lines.from();
    }

    @Override
    public int to() {
        return lines.to();
    }

    @Override
    public boolean overlong() {
        return lines.overlong();
    }

    @Override
    public long storedBytes() {
        return text.storedBytes();
    }
}
