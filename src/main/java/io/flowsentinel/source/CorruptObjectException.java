package io.flowsentinel.source;

import java.io.IOException;

/** All bytes of an object arrived, and it still cannot be read. Waiting does not help; the message says what is wrong. */
class CorruptObjectException extends IOException {

    private static final long serialVersionUID = 1L;

    CorruptObjectException(String message) {
        super(message);
    }

    CorruptObjectException(String message, Throwable cause) {
        super(message, cause);
    }
}
