package io.flowsentinel.detect.settings;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Side;
import java.util.List;
import java.util.function.Predicate;

/**
 * A connection that a rule is not to hold against anybody. What is null is not asked.
 *
 * @param source block of the originator
 * @param destination block of the responder
 * @param port of the responder
 * @param protocol IANA protocol number
 * @param interfaceId an interface that logged the connection
 * @param tag role of an interface that logged the connection
 * @param reason why, for whoever reads the suppressed feed
 * @param expires epoch seconds from which on connections are judged again; {@link #NEVER}
 * @param text as in the rules file, for {@code suppressed_by}: {@code allow source=198.51.100.0/24 port=22 reason=our
 *     scanner}; worked out once, as it is asked for with each connection that is covered
 */
public record AllowEntry(
        Cidr source,
        Cidr destination,
        Integer port,
        Integer protocol,
        String interfaceId,
        String tag,
        String reason,
        long expires,
        String text) {

    static final long NEVER = Long.MAX_VALUE;

    /** Whether the entry covers a connection; it expires in event time, at the connection's start. */
    public boolean covers(Connection connection) {
        return connection.start() < expires
                && covers(source, connection.originator())
                && covers(destination, connection.responder())
                && (port == null || port == connection.responder().endpoint().port())
                && (protocol == null || protocol == connection.protocol())
                && (interfaceId == null
                        || logged(
                                connection,
                                by -> interfaceId.equals(by.observer().interfaceId())))
                && (tag == null
                        || logged(connection, by -> tag.equals(by.observer().role())));
    }

    /** Whether it covers the connections of some originators only. */
    public boolean namesSource() {
        return source != null;
    }

    /** The first entry that covers the connection; null where none does. */
    public static AllowEntry first(List<AllowEntry> entries, Connection connection) {
        for (AllowEntry entry : entries) {
            if (entry.covers(connection)) {
                return entry;
            }
        }
        return null;
    }

    /** Its text. */
    @Override
    public String toString() {
        return text;
    }

    private static boolean covers(Cidr block, Side side) {
        return block == null || block.contains(side.endpoint().address());
    }

    private static boolean logged(Connection connection, Predicate<Observation> predicate) {
        return connection.observations().stream().anyMatch(predicate);
    }
}
