package io.flowsentinel.testing;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * A sink without state that keeps what it is given for the test in the same JVM. What a failed attempt gave stays, too.
 *
 * @param <T> what is kept
 */
public final class Collected<T> implements Sink<T> {

    private static final long serialVersionUID = 1L;

    private static final ConcurrentMap<String, Queue<Object>> KEPT = new ConcurrentHashMap<>();

    private final String name;

    /** @param name of its own for every run and feed */
    public Collected(String name) {
        this.name = name;
    }

    /** What was given to the sinks of this name, in no order. */
    @SuppressWarnings("unchecked") // only this class adds, under the name of this sink
    public List<T> all() {
        return (List<T>) List.copyOf(kept());
    }

    private Queue<Object> kept() {
        return KEPT.computeIfAbsent(name, first -> new ConcurrentLinkedQueue<>());
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new SinkWriter<>() {

            @Override
            public void write(T element, Context of) {
                kept().add(element);
            }

            @Override
            public void flush(boolean endOfInput) {}

            @Override
            public void close() {}
        };
    }
}
