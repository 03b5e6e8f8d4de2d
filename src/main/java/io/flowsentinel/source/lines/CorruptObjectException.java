package io.flowsentinel.source.lines;

import java.io.IOException;

/** All bytes of an object arrived, and it still cannot be read. Waiting does not help; the message says what is wrong. */
public class CorruptObjectException extends IOException {

    private static final long serialVersionUID = 1L;

    public CorruptObjectException(String message) {
        super(message);
    }

    public CorruptObjectException(String message, Throwable cause) {
        super(message, cause);
    }
}
