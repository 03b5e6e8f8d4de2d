package io.flowsentinel.testing;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What happens to which requests, and how often. The rule is in force from the call on that names its fault:
 * {@code faults.on(get("0500Z")).times(2).slowDown()}. Without a number it is for always.
 *
 * <p>A fault in the middle of a body comes after so many bytes of it. A body no longer than that, or none as after a
 * HEAD, comes whole and nothing {@linkplain #happened() has happened}.
 */
public final class S3FaultRule {

    private final Predicate<S3Request> which;
    private final Consumer<S3FaultRule> inForce;
    private final Map<S3Request, Long> takenOfEach = new HashMap<>();
    private final AtomicLong happened = new AtomicLong();
    private final CountDownLatch released = new CountDownLatch(1);
    private long taken;
    private long times = Long.MAX_VALUE;
    private boolean each;
    private Fault fault;

    S3FaultRule(Predicate<S3Request> which, Consumer<S3FaultRule> inForce) {
        this.which = which;
        this.inForce = inForce;
    }

    public S3FaultRule once() {
        return times(1);
    }

    /** The first so many requests that match, whatever their keys. */
    public S3FaultRule times(long number) {
        times = number;
        return this;
    }

    /** The first so many requests of each kind and key that match: the same ones however readers take turns. */
    public S3FaultRule timesEach(long number) {
        each = true;
        return times(number);
    }

    public S3FaultRule always() {
        return times(Long.MAX_VALUE);
    }

    /** 500 InternalError. */
    public S3FaultRule internalError() {
        return refuse(
                "500 Internal Server Error", "InternalError", "We encountered an internal error. Please try again.");
    }

    /** 503 SlowDown, as S3 answers when a prefix gets too many requests. */
    public S3FaultRule slowDown() {
        return refuse("503 Slow Down", "SlowDown", "Please reduce your request rate.");
    }

    /** 403, as for credentials that may not read the object. */
    public S3FaultRule accessDenied() {
        return refuse("403 Forbidden", "AccessDenied", "Access Denied");
    }

    /** The connection is reset and no response comes. */
    public S3FaultRule resetBeforeResponse() {
        return with(exchange -> {
            happens();
            exchange.reset();
        });
    }

    /** The connection is reset. As a reset overtakes what is under way, the client may see less than these bytes. */
    public S3FaultRule resetAfter(long bytes) {
        return inTheMiddle(bytes, S3Exchange::reset);
    }

    /** The connection ends in good order, although Content-Length has promised more. */
    public S3FaultRule truncateBodyAfter(long bytes) {
        return inTheMiddle(bytes, S3Exchange::end);
    }

    /** Nothing more comes, and the connection stays, until the client gives up. */
    public S3FaultRule stallAfter(long bytes) {
        return inTheMiddle(bytes, S3Exchange::awaitClientGone);
    }

    /** The response comes whole, its first byte after this time. */
    public S3FaultRule delay(Duration time) {
        return with(exchange -> {
            happens();
            exchange.delay(time);
            exchange.pass();
        });
    }

    /** The response comes whole, and not before {@link #release}. */
    public S3FaultRule hold() {
        return with(exchange -> {
            if (released.getCount() > 0) {
                happens();
            }
            exchange.awaitOpen(released);
            exchange.pass();
        });
    }

    /** Lets go what is held, and all that comes later. */
    public void release() {
        released.countDown();
    }

    /** To how many requests it has happened. */
    public long happened() {
        return happened.get();
    }

    /** Whether the rule is for this request; then it is used up by one. */
    synchronized boolean takes(S3Request request) {
        if (!which.test(request)) {
            return false;
        }
        long before = each ? takenOfEach.getOrDefault(request, 0L) : taken;
        if (before >= times) {
            return false;
        }
        taken++;
        if (each) {
            takenOfEach.merge(request, 1L, Long::sum);
        }
        return true;
    }

    void befalls(S3Exchange exchange) throws IOException, InterruptedException {
        fault.befalls(exchange);
    }

    private S3FaultRule refuse(String status, String code, String message) {
        return with(exchange -> {
            happens();
            exchange.refuse(status, code, message);
        });
    }

    private S3FaultRule inTheMiddle(long bytes, Fault then) {
        return with(exchange -> {
            if (exchange.passUpTo(bytes)) {
                happens();
                then.befalls(exchange);
            }
        });
    }

    /** Before the client can see it, so that who has seen it finds it counted. */
    private void happens() {
        happened.incrementAndGet();
    }

    private S3FaultRule with(Fault newFault) {
        fault = newFault;
        inForce.accept(this);
        return this;
    }

    /** Answers a request in its way. */
    private interface Fault {
        void befalls(S3Exchange exchange) throws IOException, InterruptedException;
    }
}
