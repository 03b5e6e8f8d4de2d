package io.flowsentinel.config;

/** A setting that cannot be used. The message is one line that names the key, the value and what is allowed. */
public final class InvalidConfig extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InvalidConfig(String message) {
        super(message);
    }

    public InvalidConfig(String message, Throwable cause) {
        super(message, cause);
    }

    /** In the words all settings are refused with. */
    public static InvalidConfig of(String key, Object value, String allowed) {
        return new InvalidConfig(key + ": '" + value + "' is not allowed; expected " + allowed);
    }
}
