package io.flowsentinel.model;

import java.io.Serializable;
import java.util.List;

/**
 * An age at which rules look at connections that are still open. That of a connection that goes on after a silence counts
 * from the beginning of the first of its chain.
 *
 * @param seconds how old the connection is
 * @param ports TCP ports one of which it has to have; empty for every connection
 */
public record OpenAge(long seconds, List<Integer> ports) implements Serializable {

    private static final long serialVersionUID = 1L;

    /** An age of every connection. */
    public static OpenAge ofAll(long seconds) {
        return new OpenAge(seconds, List.of());
    }

    /** Whether a connection of these endpoints is looked at. */
    public boolean asksFor(ConnectionKey key) {
        return ports.isEmpty()
                || key.protocol() == FlowRecord.TCP
                        && (ports.contains(key.lower().port())
                                || ports.contains(key.higher().port()));
    }
}
