package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.Observation;

/**
 * What one side sent, each packet counted once.
 *
 * <p>Several interfaces may have logged the same packets, so one of them counts: an endpoint's own before one that
 * forwards, then the one with most packets, then the smaller id. At one interface every packet has one action, so there
 * the accepted and the rejected ones add up.
 *
 * @param packets as that interface counted them; 0 where nothing was logged
 * @param bytes as that interface counted them
 */
record Volume(long packets, long bytes) {

    private static final Volume NOTHING = new Volume(0, 0);

    /**
     * What one side of a connection sent.
     *
     * @param observations of the whole connection, those of one interface beside each other in the order of ids
     */
    static Volume of(Observation[] observations, boolean fromOriginator) {
        Volume best = NOTHING;
        boolean bestIsOwn = false;
        boolean found = false;
        for (int i = 0; i < observations.length; i++) {
            Observation one = observations[i];
            if (one.fromOriginator() != fromOriginator || i > 0 && sameView(observations[i - 1], one)) {
                continue;
            }
            Volume volume = atInterface(observations, one);
            if (!found || one.own() && !bestIsOwn || one.own() == bestIsOwn && volume.packets > best.packets) {
                best = volume;
                bestIsOwn = one.own();
                found = true;
            }
        }
        return best;
    }

    /** The sum over both actions; sorting has put them beside each other. */
    private static Volume atInterface(Observation[] observations, Observation at) {
        long packets = 0;
        long bytes = 0;
        for (Observation one : observations) {
            if (sameView(one, at)) {
                packets = sum(packets, one.packets());
                bytes = sum(bytes, one.bytes());
            }
        }
        return new Volume(packets, bytes);
    }

    /** The sum of two counts; the largest count there is where a log says more than fits, never a negative one. */
    static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private static boolean sameView(Observation one, Observation other) {
        return one.fromOriginator() == other.fromOriginator()
                && one.observer().interfaceId().equals(other.observer().interfaceId());
    }
}
