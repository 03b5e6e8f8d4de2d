package io.flowsentinel.source;

import java.time.Instant;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/** A job was to go on from a savepoint to a moment that the savepoint is past. No restart changes that. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class RangeIsOver extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private RangeIsOver(String message) {
        super(message);
    }

    static RangeIsOver of(long readUpTo, Instant to) {
        return new RangeIsOver(
                "source.to: '" + to + "' is not after the savepoint, which has read up to the delivery slot "
                        + Instant.ofEpochSecond(readUpTo) + "; expected a later moment, or an earlier savepoint");
    }
}
