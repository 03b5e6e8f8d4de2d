package io.flowsentinel;

import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.source.DiscoveryTotals;
import io.flowsentinel.source.ObjectDecoder;
import io.flowsentinel.source.ObjectFormat;
import io.flowsentinel.source.discovery.LogObject;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** The job's format, which waits before one line until the test lets it go on: so that a savepoint is taken there. */
record StoppingLines(ParseObjects format, Stop stop) implements ObjectFormat<ParsedLine> {

    static final Stop NEVER = new Stop("", 0);

    private static final AtomicReference<CountDownLatch> REACHED = new AtomicReference<>(new CountDownLatch(1));
    private static final AtomicReference<CountDownLatch> GO_ON = new AtomicReference<>(new CountDownLatch(1));

    /**
     * Before which line of which object a run stops.
     *
     * @param object how its URI ends
     * @param line from 1; 0 for never
     */
    record Stop(String object, long line) implements Serializable {

        boolean at(LogObject of) {
            return line > 0 && of.uri().endsWith(object);
        }
    }

    /** To be called before a run that is to stop. */
    static void reset() {
        REACHED.set(new CountDownLatch(1));
        GO_ON.set(new CountDownLatch(1));
    }

    static void awaitStop() throws InterruptedException {
        REACHED.get().await();
    }

    static void goOn() {
        GO_ON.get().countDown();
    }

    @Override
    public ObjectDecoder<ParsedLine> open(LogObject object) {
        ObjectDecoder<ParsedLine> decoder = format.open(object);
        return stop.at(object) ? new StoppingDecoder(decoder, stop.line()) : decoder;
    }

    @Override
    public ParsedLine discovered(DiscoveryTotals totals) {
        return format.discovered(totals);
    }

    @Override
    public TypeInformation<ParsedLine> producedType() {
        return format.producedType();
    }

    private record StoppingDecoder(ObjectDecoder<ParsedLine> decoder, long line) implements ObjectDecoder<ParsedLine> {

        @Override
        public void columns(List<String> names) {
            decoder.columns(names);
        }

        @Override
        public void line(byte[] buffer, int from, int to, long lineNumber, Consumer<ParsedLine> out) {
            if (lineNumber == line) {
                REACHED.get().countDown();
                try {
                    GO_ON.get().await();
                } catch (InterruptedException closed) {
                    Thread.currentThread().interrupt();
                }
            }
            decoder.line(buffer, from, to, lineNumber, out);
        }

        @Override
        public void account(long storedBytes, Consumer<ParsedLine> out) {
            decoder.account(storedBytes, out);
        }

        @Override
        public void end(String fault, int retries, Consumer<ParsedLine> out) {
            decoder.end(fault, retries, out);
        }

        @Override
        public long latestSeconds() {
            return decoder.latestSeconds();
        }
    }
}
