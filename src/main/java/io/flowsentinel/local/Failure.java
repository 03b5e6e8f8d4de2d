package io.flowsentinel.local;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.sink.KafkaRefusal;
import io.flowsentinel.sink.KafkaTopics;
import io.flowsentinel.source.ObjectsUnavailable;
import io.flowsentinel.source.OtherInput;
import io.flowsentinel.source.RangeIsOver;
import org.apache.flink.util.SerializedThrowable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Why something failed, for people: Flink wraps the reason many times. */
final class Failure {

    private Failure() {}

    /** The innermost reason, or the first one that was written for people, on one line. */
    static String reason(Throwable failure) {
        Throwable cause = unwrapped(failure);
        while (!forPeople(cause) && cause.getCause() != null) {
            cause = unwrapped(cause.getCause());
        }
        return text(cause).replaceAll("\\s*\\R\\s*", " ").strip();
    }

    private static String text(Throwable cause) {
        if (forPeople(cause)) {
            return cause.getMessage();
        }
        if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
            return KafkaRefusal.of((KafkaException) cause);
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.toString();
    }

    /** What lies below these says less: a timeout, a number that cannot be read. */
    private static boolean forPeople(Throwable failure) {
        return failure instanceof KafkaTopics.Unavailable
                || failure instanceof InvalidConfig
                || failure instanceof ObjectsUnavailable
                || failure instanceof OtherInput
                || failure instanceof RangeIsOver;
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof SerializedThrowable serialized
                ? serialized.deserializeError(Failure.class.getClassLoader())
                : failure;
    }
}
