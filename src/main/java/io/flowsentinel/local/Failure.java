package io.flowsentinel.local;

import org.apache.flink.util.SerializedThrowable;

/** Why something failed, for people: Flink wraps the reason many times. */
final class Failure {

    private Failure() {}

    /** The innermost reason, on one line. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (unwrapped(cause).getCause() != null) {
            cause = unwrapped(cause).getCause();
        }
        cause = unwrapped(cause);
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.toString();
        return message.replaceAll("\\s*\\R\\s*", " ").strip();
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof SerializedThrowable serialized
                ? serialized.deserializeError(Failure.class.getClassLoader())
                : failure;
    }
}
