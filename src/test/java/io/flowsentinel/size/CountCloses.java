package io.flowsentinel.size;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.LifecycleEvent;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Counts connections that are over; keeps nothing. */
final class CountCloses implements Sink<LifecycleEvent> {

    private static final long serialVersionUID = 1L;

    @Override
    public SinkWriter<LifecycleEvent> createWriter(WriterInitContext context) {
        return new Writer(Gate.current());
    }

    private record Writer(Gate gate) implements SinkWriter<LifecycleEvent> {

        @Override
        public void write(LifecycleEvent event, Context context) {
            if (event instanceof Connection connection && connection.event() == Connection.Event.CLOSE) {
                gate.countClose();
            }
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
