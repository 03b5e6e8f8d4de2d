package io.flowsentinel;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.LifecycleEvent;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Of what the tracker gives, the connections that readers of the feed see. */
final class PublishedOnly implements FlatMapFunction<LifecycleEvent, Connection> {

    private static final long serialVersionUID = 1L;

    @Override
    public void flatMap(LifecycleEvent event, Collector<Connection> out) {
        if (event instanceof Connection connection && connection.event() != Connection.Event.AGED) {
            out.collect(connection);
        }
    }
}
