package io.flowsentinel.detect.settings;

/** A rules file, or a list of addresses, that cannot be used. The message is one line: file, line, key, value, and what is allowed. */
public final class InvalidRules extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidRules(String message, Throwable cause) {
        super(message, cause);
    }
}
