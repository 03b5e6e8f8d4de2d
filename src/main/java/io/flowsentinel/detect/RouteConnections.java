package io.flowsentinel.detect;

import io.flowsentinel.model.Connection;
import java.time.Duration;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Sends on what matters of a closed connection, under the key of whoever is judged: in front of the key exchange, where
 * everything that is left out is cheap.
 */
public final class RouteConnections implements FlatMapFunction<Connection, Contribution> {

    private static final long serialVersionUID = 1L;

    private final Router router;

    public RouteConnections(Group group, Rules rules, Networks networks, Duration aggregationInterval) {
        this.router = group.router(rules, networks, group.panes(aggregationInterval));
    }

    @Override
    public void flatMap(Connection connection, Collector<Contribution> out) {
        if (connection.event() == Connection.Event.CLOSE) {
            router.route(connection, out::collect);
        }
    }
}
