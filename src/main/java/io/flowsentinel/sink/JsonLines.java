package io.flowsentinel.sink;

import java.io.BufferedOutputStream;
import java.io.IOException;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.core.fs.FSDataOutputStream;

/**
 * Writes a feed as JSON lines. A bulk format, not a row format: Flink hands a row format the bare file, and a system
 * call for every line costs more than making it.
 */
final class JsonLines<T> implements BulkWriter.Factory<T> {

    private static final int BUFFER_BYTES = 1 << 16;

    private final FeedEncoder<T> encoder;

    JsonLines(FeedEncoder<T> encoder) {
        this.encoder = encoder;
    }

    @Override
    public BulkWriter<T> create(FSDataOutputStream file) {
        return new Writer(new BufferedOutputStream(file, BUFFER_BYTES));
    }

    private final class Writer implements BulkWriter<T> {

        private final BufferedOutputStream out;

        Writer(BufferedOutputStream out) {
            this.out = out;
        }

        @Override
        public void addElement(T element) throws IOException {
            out.write(encoder.value(element));
            out.write('\n');
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        /** The file stays open: Flink closes and commits it. */
        @Override
        public void finish() throws IOException {
            out.flush();
        }
    }
}
