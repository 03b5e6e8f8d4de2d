package io.flowsentinel.source;

import io.flowsentinel.source.discovery.LogObject;
import io.flowsentinel.source.lines.ObjectOpener;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.annotation.Nullable;
import org.apache.flink.core.fs.FSDataInputStream;

/** Objects in memory that fail, or block, as a test wants. */
final class FakeStorage implements ObjectOpener {

    private static final int NEVER = Integer.MAX_VALUE;

    /** What an object gives each time it is opened; the last one holds on. */
    private final Map<String, List<ObjectOpener>> attempts = new HashMap<>();

    private final Map<String, Integer> opened = new HashMap<>();

    synchronized FakeStorage with(String uri, ObjectOpener... openers) {
        attempts.put(uri, List.of(openers));
        return this;
    }

    @Override
    public FSDataInputStream open(LogObject object) throws IOException {
        return attempt(object.uri()).open(object);
    }

    /** How often an object was opened. */
    synchronized int opened(String uri) {
        return opened.getOrDefault(uri, 0);
    }

    private synchronized ObjectOpener attempt(String uri) {
        List<ObjectOpener> openers = attempts.get(uri);
        int before = opened.merge(uri, 1, Integer::sum) - 1;
        return openers.get(Math.min(before, openers.size() - 1));
    }

    static ObjectOpener whole(byte[] bytes) {
        return object -> new Stored(bytes, NEVER, null, NEVER);
    }

    /** Gives so many bytes, and then a fault. */
    static ObjectOpener failing(byte[] bytes, int after) {
        return object -> new Stored(bytes, after, new IOException("the connection\n was reset"), NEVER);
    }

    static ObjectOpener refused(IOException fault) {
        return object -> {
            throw fault;
        };
    }

    /** A stream of its own, which blocks once it has given so many bytes. */
    static Stored blocking(byte[] bytes, int after) {
        return new Stored(bytes, NEVER, null, after);
    }

    /** The stream of an object. Its reader cannot be interrupted, as that of a socket. */
    static final class Stored extends FSDataInputStream implements ObjectOpener {

        private final byte[] bytes;
        private final int failsAfter;

        @Nullable
        private final IOException fault;

        private int blocksAfter;
        private int position;
        private boolean opened;
        private boolean closed;

        private Stored(byte[] bytes, int failsAfter, @Nullable IOException fault, int blocksAfter) {
            this.bytes = bytes;
            this.failsAfter = failsAfter;
            this.fault = fault;
            this.blocksAfter = blocksAfter;
        }

        @Override
        public synchronized FSDataInputStream open(LogObject object) {
            opened = true;
            notifyAll();
            return this;
        }

        synchronized void awaitOpened() throws InterruptedException {
            while (!opened) {
                wait();
            }
        }

        synchronized void awaitClosed() throws InterruptedException {
            while (!closed) {
                wait();
            }
        }

        /** Blocks no longer. */
        synchronized void release() {
            blocksAfter = NEVER;
            notifyAll();
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) throws IOException {
            while (position >= blocksAfter && !closed) {
                try {
                    wait();
                } catch (InterruptedException ignored) {
                    // A socket takes no notice either.
                }
            }
            if (closed) {
                throw new IOException("the stream is closed");
            }
            if (position >= failsAfter) {
                throw fault;
            }
            int left = Math.min(Math.min(failsAfter, blocksAfter), bytes.length) - position;
            if (left == 0) {
                return -1;
            }
            int count = Math.min(length, left);
            System.arraycopy(bytes, position, into, offset, count);
            position += count;
            return count;
        }

        @Override
        public synchronized void close() {
            closed = true;
            notifyAll();
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("nobody reads one byte at a time");
        }

        @Override
        public synchronized void seek(long desired) {
            if (bytes[0] != 'P') {
                throw new UnsupportedOperationException("only Parquet is not read from its beginning to its end");
            }
            position = (int) desired;
        }

        @Override
        public synchronized long getPos() {
            return position;
        }
    }
}
