package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.model.FlowRecord;

/**
 * Divides what a record carried evenly over the time from its first packet to its last, and so over the panes it
 * touches. The log says no more than that; AWS stamps whole batches with one start and end.
 */
final class Spread {

    /** A record that touches more panes than this carried everything in the last of them: no interval of AWS's does. */
    private static final int MOST_PANES = 100;

    private Spread() {}

    /** Where the parts go. */
    interface Part {

        /**
         * What was carried in one pane.
         *
         * @param pane epoch seconds of its start
         */
        void take(long pane, long packets, long bytes);
    }

    /** The parts add up to what the record carried, to the packet and the byte; empty ones are left out. */
    static void over(Panes panes, FlowRecord flow, Part part) {
        if (flow.packets() == 0 && flow.bytes() == 0) {
            return;
        }
        long last = panes.of(flow.end() - 1);
        long start = Math.max(flow.start(), last - (MOST_PANES - 1) * panes.length());
        long duration = flow.end() - start;
        if (duration <= 0) {
            part.take(panes.of(flow.start()), flow.packets(), flow.bytes());
            return;
        }
        long packetsBefore = 0;
        long bytesBefore = 0;
        for (long pane = panes.of(start); pane <= last; pane += panes.length()) {
            long passed = Math.min(panes.endOf(pane), flow.end()) - start;
            long packets = share(flow.packets(), passed, duration);
            long bytes = share(flow.bytes(), passed, duration);
            if (packets > packetsBefore || bytes > bytesBefore) {
                part.take(pane, packets - packetsBefore, bytes - bytesBefore);
            }
            packetsBefore = packets;
            bytesBefore = bytes;
        }
    }

    /** {@code total * passed / duration} without the overflow of a product. */
    private static long share(long total, long passed, long duration) {
        return total / duration * passed + total % duration * passed / duration;
    }
}
