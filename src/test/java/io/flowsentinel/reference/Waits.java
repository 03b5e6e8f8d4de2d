package io.flowsentinel.reference;

import io.flowsentinel.model.FlowRecord;

/**
 * How long a connection waits for its next record, in seconds.
 *
 * @param window W, the aggregation interval
 */
record Waits(long window) {

    long closed() {
        return window + 60;
    }

    long attempt() {
        return Math.max(2 * window, 150);
    }

    long halfClose() {
        return Math.max(300, 3 * window);
    }

    long idle(int protocol) {
        return switch (protocol) {
            case FlowRecord.TCP -> Math.max(900, 3 * window);
            case FlowRecord.UDP -> Math.max(180, 2 * window);
            default -> Math.max(60, 2 * window);
        };
    }
}
