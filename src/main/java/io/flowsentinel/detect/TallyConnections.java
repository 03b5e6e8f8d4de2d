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
        if (connection.event() != Connection.Event.CLOSE) {
            return;
        }
        ClosedConnection closed = new ClosedConnection(connection, networks);
        for (Desk<ConnectionRouter> desk : desks) {
            desk.router().route(closed, desk.marks());
        }
    }
}
