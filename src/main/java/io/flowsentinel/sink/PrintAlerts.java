package io.flowsentinel.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.model.Alert;
import java.io.IOException;
import java.io.PrintStream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Prints each alert as one readable line on standard output. After a restart a line may be printed again. */
final class PrintAlerts implements Sink<Alert> {

    private final FeedEncoder<Alert> encoder;
    private final boolean colour;

    PrintAlerts(FeedEncoder<Alert> encoder, boolean colour) {
        this.encoder = encoder;
        this.colour = colour;
    }

    @Override
    public SinkWriter<Alert> createWriter(WriterInitContext context) {
        return new Writer(encoder, new AlertLine(colour), System.out);
    }

    /** Goes through the alert's JSON, so that print and a reader of the topic show the same. */
    private record Writer(FeedEncoder<Alert> encoder, AlertLine line, PrintStream out) implements SinkWriter<Alert> {

        private static final ObjectMapper JSON = new ObjectMapper();

        @Override
        public void write(Alert alert, Context context) throws IOException {
            out.println(line.of(JSON.readTree(encoder.value(alert))));
        }

        @Override
        public void flush(boolean endOfInput) {
            out.flush();
        }

        @Override
        public void close() {
            out.flush();
        }
    }
}
