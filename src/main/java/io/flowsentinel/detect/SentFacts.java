package io.flowsentinel.detect;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;

/**
 * Remembers which facts were sent last, so that repetitions need not be. What is forgotten is sent again and changes
 * nothing. One place a hash, no list: a look-up makes no objects, for it is asked of nearly every connection.
 */
final class SentFacts {

    private static final int PLACES = 1 << 13;
    private static final int GOLDEN_RATIO = 0x9E3779B1;

    private final String[] scopes = new String[PLACES];
    private final IpAddress[] originators = new IpAddress[PLACES];
    private final Endpoint[] responders = new Endpoint[PLACES];
    private final int[] meanings = new int[PLACES];
    private final long[] panes = new long[PLACES];

    /**
     * Remembers a fact; false where it was remembered already.
     *
     * @param scope scope of the originator; null where it has none
     * @param connection whose originator and responder it is about
     * @param facts bits of {@link Contribution#ANSWERED} and {@link Contribution#COMPLETED}
     * @param pane the pane it enters
     */
    boolean add(String scope, Connection connection, int facts, long pane) {
        IpAddress originator = connection.originator().endpoint().address();
        Endpoint responder = connection.responder().endpoint();
        int meaning = connection.protocol() << 8 | facts;
        int place = place(scope, originator, responder);
        if (panes[place] == pane
                && meanings[place] == meaning
                && responder.equals(responders[place])
                && originator.equals(originators[place])
                && (scope == null ? scopes[place] == null : scope.equals(scopes[place]))) {
            return false;
        }
        scopes[place] = scope;
        originators[place] = originator;
        responders[place] = responder;
        meanings[place] = meaning;
        panes[place] = pane;
        return true;
    }

    private static int place(String scope, IpAddress originator, Endpoint responder) {
        int hash = (originator.hashCode() * 31 + responder.hashCode()) * 31 + (scope == null ? 0 : scope.hashCode());
        return hash * GOLDEN_RATIO >>> Integer.SIZE - Integer.numberOfTrailingZeros(PLACES);
    }
}
