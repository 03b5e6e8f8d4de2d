package io.flowsentinel.size;

import io.flowsentinel.model.Connection;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Counts connections that are over; keeps nothing. */
final class CountCloses implements Sink<Connection> {

    private static final long serialVersionUID = 1L;

    @Override
    public SinkWriter<Connection> createWriter(WriterInitContext context) {
        return new Writer(Gate.current());
    }

    private record Writer(Gate gate) implements SinkWriter<Connection> {

        @Override
        public void write(Connection connection, Context context) {
            if (connection.event() == Connection.Event.CLOSE) {
                gate.countClose();
            }
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
