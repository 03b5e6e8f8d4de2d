package io.flowsentinel.detect;

import io.flowsentinel.model.Connection;
import java.time.Duration;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** What closed connections, and those that live long, mean to the rules. */
public final class TallyConnections extends Tallying<Connection> {

    private static final long serialVersionUID = 1L;

    private final Networks networks;
    private transient List<Desk<ConnectionRouter>> desks;

    public TallyConnections(Rules rules, Networks networks, Duration aggregationInterval) {
        super(rules, aggregationInterval);
        this.networks = networks;
    }

    @Override
    public void open() throws Exception {
        super.open();
        desks = desks(Family::connectionRouter);
    }

    @Override
    public void processElement(StreamRecord<Connection> element) {
        Connection connection = element.getValue();
        switch (connection.event()) {
            case CLOSE -> {
                ClosedConnection closed = new ClosedConnection(connection, networks);
                for (Desk<ConnectionRouter> desk : desks) {
                    desk.router().route(closed, desk.marks());
                }
            }
            case AGED -> {
                ClosedConnection aged = new ClosedConnection(connection, networks);
                for (Desk<ConnectionRouter> desk : desks) {
                    desk.router().routeAged(aged, desk.marks());
                }
            }
            case OPEN, UPDATE -> {
                return; // for readers of the feed
            }
        }
    }
}
