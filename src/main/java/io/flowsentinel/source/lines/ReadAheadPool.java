package io.flowsentinel.source.lines;

import io.flowsentinel.source.discovery.LogObject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.annotation.concurrent.GuardedBy;

/**
 * The threads by which one reader opens objects and reads them ahead, one for each object in flight, and the bell they
 * ring when something has arrived. It can be stopped by any thread.
 */
public final class ReadAheadPool implements AutoCloseable {

    /** How long {@link #close} waits for its threads: some clients cannot be stopped before their own time-outs. */
    private static final long CLOSE_SECONDS = 2;

    private final ObjectOpener opener;
    private final String name;
    private final ExecutorService threads;
    private final Set<ReadAhead> begun = ConcurrentHashMap.newKeySet();
    private final Object bell = new Object();

    @GuardedBy("bell")
    private boolean rung;

    private volatile boolean stopped;

    /** @param reader the name of the reader, for those of the threads */
    public ReadAheadPool(ObjectOpener opener, String reader) {
        this.opener = opener;
        this.name = "Reading ahead for " + reader;
        this.threads = Executors.newCachedThreadPool(task -> daemon(task, name));
    }

    /** Begins to read an object; after {@link #stop} nothing of it will arrive. */
    public ReadAhead begin(LogObject object) {
        ReadAhead readAhead = new ReadAhead(object, opener, this::ring);
        begun.add(readAhead);
        try {
            threads.execute(readAhead);
        } catch (RejectedExecutionException stoppedMeanwhile) {
            begun.remove(readAhead);
        }
        return readAhead;
    }

    /** Is done with an attempt, of which everything has arrived. */
    public void end(ReadAhead readAhead) {
        begun.remove(readAhead);
        readAhead.close();
    }

    /** Lets {@link #await} return. */
    public void ring() {
        synchronized (bell) {
            rung = true;
            bell.notifyAll();
        }
    }

    /** Waits for a ring since the last call, so long at most. */
    public void await(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        synchronized (bell) {
            long left = nanos;
            while (!rung && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(bell, left);
                left = deadline - System.nanoTime();
            }
            rung = false;
        }
    }

    public boolean isStopped() {
        return stopped;
    }

    /** Stops all reading, also what blocks in a storage client. Waits for nothing. */
    public void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        threads.shutdownNow();
        // A stream may keep its lock while it reads, and with it the one who closes it.
        daemon(() -> begun.forEach(ReadAhead::abort), name + ", closing").start();
        ring();
    }

    /** Stops all reading and waits for the threads to end, within a bounded time. */
    @Override
    public void close() throws InterruptedException {
        stop();
        threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
