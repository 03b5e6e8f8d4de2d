package io.flowsentinel.sink;

import java.io.Serializable;

/**
 * Which run wrote a message: Kafka headers, never part of a body.
 *
 * @param id names the run, also in its report
 * @param mode whether the run goes on with the present or repeats the past
 */
public record RunLabel(String id, Mode mode) implements Serializable {

    /** The {@code run-mode} header, in lower case. */
    public enum Mode {
        LIVE,
        REPLAY
    }
}
