package io.flowsentinel.size;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Holds the readers before each step, and counts what has passed. One a run; the job's tasks find it in their JVM. */
final class Gate {

    private static final AtomicReference<Gate> CURRENT = new AtomicReference<>();

    private final List<CompletableFuture<Void>> openings = new ArrayList<>();
    private final List<CountDownLatch> arrivals = new ArrayList<>();
    private final LongAdder records = new LongAdder();
    private final LongAdder closes = new LongAdder();

    private Gate(int steps, int readers) {
        for (int i = 0; i < steps; i++) {
            openings.add(new CompletableFuture<>());
            arrivals.add(new CountDownLatch(readers));
        }
        openings.add(new CompletableFuture<>());
    }

    static Gate ofNewRun(int steps, int readers) {
        Gate gate = new Gate(steps, readers);
        CURRENT.set(gate);
        return gate;
    }

    static Gate current() {
        return CURRENT.get();
    }

    void open(int step) {
        openings.get(step).complete(null);
    }

    /** When the step may be taken; behind the last one, never. */
    CompletableFuture<Void> opening(int step) {
        return openings.get(step);
    }

    /** A reader is through with a step. */
    void arrive(int step) {
        arrivals.get(step).countDown();
    }

    /** Whether all readers are through with a step before so much time is over. */
    boolean awaitAll(int step, Duration patience) throws InterruptedException {
        return arrivals.get(step).await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    void countRecord() {
        records.increment();
    }

    void countClose() {
        closes.increment();
    }

    long records() {
        return records.sum();
    }

    long closes() {
        return closes.sum();
    }
}
