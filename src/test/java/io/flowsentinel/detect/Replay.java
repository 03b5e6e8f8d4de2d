package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Feeds connections to a family as a job does: what is certain by a watermark comes before it, in any order. */
public final class Replay {

    private Replay() {}

    /**
     * All alerts by an event time.
     *
     * @param step seconds from one watermark to the next
     * @param order seed of the order of arrival
     * @param end seconds after {@link Connections#T0}
     */
    public static List<Alert> of(
            Family family, String rules, List<Connections> traffic, long step, int order, long end) {
        List<Connection> left = new ArrayList<>();
        traffic.forEach(connection -> left.add(connection.close()));
        left.sort(Comparator.comparingLong(Connection::decidedAt));
        Detection detection = Detection.of(family, rules);
        Random random = new Random(order);
        int next = 0;
        for (long now = step; now < end + step; now += step) {
            List<Connection> arriving = new ArrayList<>();
            while (next < left.size() && left.get(next).decidedAt() <= Connections.T0 + now) {
                arriving.add(left.get(next));
                next++;
            }
            Collections.shuffle(arriving, random);
            arriving.forEach(detection::see);
            detection.until(Math.min(now, end));
        }
        return detection.all();
    }
}
