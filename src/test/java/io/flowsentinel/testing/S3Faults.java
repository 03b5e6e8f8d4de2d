package io.flowsentinel.testing;

import io.flowsentinel.testing.S3Request.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Stands in front of an {@link S3Server} and does to requests of the test's choice what S3 does on its bad days. All
 * other requests go through unchanged, and every one is counted:
 *
 * <pre>{@code
 * S3Faults faults = S3Faults.before(server);
 * faults.on(get("0500Z")).times(2).slowDown();
 * faults.on(list("")).once().resetBeforeResponse();
 * ... read through faults.endpoint() ...
 * assertThat(faults.count(Kind.LIST)).isEqualTo(9);
 * }</pre>
 *
 * <p>Faults come by count, never by chance. A client's connection serves one request. May be used by any thread.
 */
public final class S3Faults implements AutoCloseable {

    private static final int CLOSE_MILLIS = 10_000;

    private final InetSocketAddress server;
    private final ServerSocket entrance;
    private final ExecutorService pool;
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final List<S3FaultRule> rules = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<S3Request> requests = new ConcurrentLinkedQueue<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    private S3Faults(InetSocketAddress server, ServerSocket entrance) {
        this.server = server;
        this.entrance = entrance;
        AtomicInteger number = new AtomicInteger();
        this.pool = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "s3-faults-" + entrance.getLocalPort() + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        });
    }

    /** Starts without any faults. */
    public static S3Faults before(S3Server server) throws IOException {
        URI endpoint = URI.create(server.endpoint());
        ServerSocket entrance = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
        S3Faults faults = new S3Faults(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), entrance);
        faults.pool.execute(faults::accept);
        return faults;
    }

    /** What a client takes for the server's endpoint; buckets are in the path. */
    public String endpoint() {
        return "http://127.0.0.1:" + entrance.getLocalPort();
    }

    /**
     * Begins a rule for requests that match; it says how often and ends with what happens. Of several rules for a
     * request the first one that has not been used up counts.
     */
    public S3FaultRule on(Predicate<S3Request> which) {
        return new S3FaultRule(which, rules::add);
    }

    /** All requests so far in the order they came, those that a fault befell too. */
    public List<S3Request> requests() {
        return List.copyOf(requests);
    }

    public long count(Kind kind) {
        return requests.stream().filter(request -> request.kind() == kind).count();
    }

    public long count(Predicate<S3Request> which) {
        return requests.stream().filter(which).count();
    }

    /** How often this very object was got. */
    public long gets(String key) {
        return count(Kind.GET, key);
    }

    /** How often this very object was asked for its size and time. */
    public long heads(String key) {
        return count(Kind.HEAD, key);
    }

    /** How many pages of this very prefix were listed. */
    public long lists(String prefix) {
        return count(Kind.LIST, prefix);
    }

    /** As new: no faults, nothing counted. */
    public void reset() {
        rules.clear();
        requests.clear();
    }

    /** Cuts all connections and returns when no thread is left. */
    @Override
    public void close() throws IOException, InterruptedException {
        closed.countDown();
        entrance.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        pool.shutdown();
        for (Thread thread : threads) {
            thread.join(CLOSE_MILLIS);
            if (thread.isAlive()) {
                throw new IllegalStateException(thread.getName() + " does not end");
            }
        }
    }

    private long count(Kind kind, String key) {
        return count(request -> request.kind() == kind && request.key().equals(key));
    }

    private void accept() {
        while (!isClosed()) {
            try {
                Socket client = entrance.accept();
                kept(client);
                pool.execute(() -> serve(client));
            } catch (IOException | RejectedExecutionException failed) {
                if (!isClosed()) {
                    throw new IllegalStateException(endpoint() + " takes no connections any more", failed);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (Socket in = client;
                Socket out = new Socket()) {
            kept(out);
            Optional<S3Exchange> exchange = S3Exchange.begin(in, out, server, closed);
            if (exchange.isPresent()) {
                requests.add(exchange.get().request());
                answer(exchange.get());
            }
        } catch (IOException goneAway) {
            // One side has closed its connection; with it the other's ends.
        } catch (InterruptedException neverHappens) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.removeIf(Socket::isClosed);
        }
    }

    private void answer(S3Exchange exchange) throws IOException, InterruptedException {
        for (S3FaultRule rule : rules) {
            if (rule.takes(exchange.request())) {
                rule.befalls(exchange);
                return;
            }
        }
        exchange.pass();
    }

    private void kept(Socket socket) throws IOException {
        sockets.add(socket);
        if (isClosed()) {
            socket.close();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }
}
