package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.Event;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.OpenAge;
import io.flowsentinel.model.TcpFlags;
import java.util.List;

/**
 * Publishes connections that are still open. What an event says is what the records up to its time say, whenever it is
 * worked out; coverage gaps are not judged before the end.
 */
final class LiveEvents {

    private final LiveFeed feed;
    private final long updateSeconds;
    private final FoldTime foldTime;
    private List<OpenAge> ages;

    /** Epoch seconds; ages reached by then were told, or not, as others asked for it. */
    private long agesAfter;

    LiveEvents(LiveFeed feed, FoldTime foldTime) {
        this.feed = feed;
        this.updateSeconds = feed.updateSeconds();
        this.foldTime = foldTime;
        tellAges(feed.ages(), Long.MIN_VALUE);
    }

    /**
     * Tells connections of other ages than before.
     *
     * @param after epoch seconds of event time; ages that were certain by then are passed over
     */
    void tellAges(List<OpenAge> asked, long after) {
        ages = asked;
        agesAfter = after == Long.MIN_VALUE ? after : foldTime.startsSettledBy(after);
    }

    /** Publishes the connection once, as soon as it is known to be established. */
    void opened(ConnectionKey key, Tracked connection, long foldedAt, Outlet outlet) {
        if (!feed.open() || connection.is(Tracked.OPEN_PUBLISHED) || !established(key, connection)) {
            return;
        }
        connection.marks |= Tracked.OPEN_PUBLISHED;
        outlet.publish(new Conclusion(key, connection).connection(Event.OPEN, null, false, foldedAt));
    }

    /** Both sides were heard; on TCP with flags one of them with a SYN-ACK, unless the beginning was not seen. */
    private static boolean established(ConnectionKey key, Tracked connection) {
        int lower = connection.flags(true);
        int higher = connection.flags(false);
        if (!connection.anyAccepted() || lower == Side.NO_RECORD || higher == Side.NO_RECORD) {
            return false;
        }
        boolean opening = TcpFlags.opens(lower) || TcpFlags.opens(higher);
        return key.protocol() != FlowRecord.TCP || !opening || TcpFlags.answers(lower) || TcpFlags.answers(higher);
    }

    /**
     * Publishes the updates that are due up to a moment.
     *
     * @param upTo epoch seconds; all records that start up to then have been folded
     */
    void updates(ConnectionKey key, Tracked connection, long upTo, Outlet outlet) {
        published(key, connection, upTo, outlet);
        for (OpenAge age : ages) {
            long at = reaches(connection, age);
            if (at > upTo) {
                return; // nearly always at the first one
            }
            if (isDue(key, connection, age)) {
                connection.aged = (int) age.seconds();
                long certain = Math.max(foldTime.settled(at), connection.end);
                outlet.publish(new Conclusion(key, connection).connection(Event.AGED, null, false, certain));
            }
        }
    }

    private void published(ConnectionKey key, Tracked connection, long upTo, Outlet outlet) {
        if (updateSeconds == 0) {
            return;
        }
        if (connection.records == 1) {
            passOver(connection);
        }
        for (long at = nextUpdateAt(connection); at <= upTo; at = nextUpdateAt(connection)) {
            connection.updates++;
            outlet.publish(new Conclusion(key, connection).connection(Event.UPDATE, null, false, foldTime.settled(at)));
        }
    }

    /** A first record longer than W + 60 s has moments behind it at which nothing was known: they get no updates. */
    private void passOver(Tracked connection) {
        long knownFrom = foldTime.startsSettledBy(foldTime.of(connection.start, connection.end));
        connection.updates = Math.max(connection.updates, (int) ((knownFrom - connection.start) / updateSeconds));
    }

    /** Epoch seconds of event time at which the next update is due. */
    long nextUpdate(ConnectionKey key, Tracked connection) {
        long next =
                Math.min(updateSeconds == 0 ? KeyMemory.NOT_DUE : nextUpdateAt(connection), nextAgeAt(key, connection));
        return next == KeyMemory.NOT_DUE ? next : foldTime.settled(next);
    }

    private long nextAgeAt(ConnectionKey key, Tracked connection) {
        for (OpenAge age : ages) {
            if (isDue(key, connection, age)) {
                return reaches(connection, age);
            }
        }
        return KeyMemory.NOT_DUE;
    }

    private boolean isDue(ConnectionKey key, Tracked connection, OpenAge age) {
        return age.seconds() > connection.aged && reaches(connection, age) > agesAfter && age.asksFor(key);
    }

    /** Of a chain's age that passed while it was silent, the start of what goes on. */
    private static long reaches(Tracked connection, OpenAge age) {
        return Math.max(connection.chainStart() + age.seconds(), connection.start);
    }

    private long nextUpdateAt(Tracked connection) {
        return connection.start + (connection.updates + 1) * updateSeconds;
    }
}
