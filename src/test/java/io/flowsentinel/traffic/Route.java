package io.flowsentinel.traffic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The way between two ends past every interface that logs. The interface with the filter logs a REJECT, the ones behind
 * it see nothing.
 *
 * @param hops from the originator to the responder
 */
record Route(List<Hop> hops, Filter filter) {

    static Route past(Hop... hops) {
        return new Route(List.of(hops), Filter.NONE);
    }

    /** The same way with the other end as originator. */
    Route reversed() {
        List<Hop> back = new ArrayList<>(hops.stream().map(Hop::reversed).toList());
        Collections.reverse(back);
        return new Route(back, filter);
    }

    Route with(Filter other) {
        return new Route(hops, other);
    }

    /** Packets of the originator. */
    void forward(Packets packets) {
        for (int i = 0; i < hops.size(); i++) {
            if (!passes(i, hops.get(i).forward(), false, packets)) {
                return;
            }
        }
    }

    /** Packets of the responder. */
    void reply(Packets packets) {
        for (int i = hops.size() - 1; i >= 0; i--) {
            if (!passes(i, hops.get(i).reply(), true, packets)) {
                return;
            }
        }
    }

    private boolean passes(int hop, View view, boolean reply, Packets packets) {
        if (view == null) {
            return true;
        }
        boolean stopped = filter.stops(hop, reply, packets);
        hops.get(hop).at().log(view, !stopped, packets);
        return !stopped;
    }
}
