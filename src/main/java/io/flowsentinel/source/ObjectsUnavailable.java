package io.flowsentinel.source;

import org.apache.flink.util.FlinkRuntimeException;

/** Objects cannot be looked for, or one cannot be read, for longer than is borne. The message is written for people. */
public final class ObjectsUnavailable extends FlinkRuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says so, for people. */
    public ObjectsUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
