package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.CountedRecord;
import io.flowsentinel.detect.judging.RecordRouter;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.detect.settings.RulesBytes;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.model.LifecycleEvent;
import io.flowsentinel.model.RulesChange;
import java.time.Duration;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * What connections mean to the rules: those that close and those that live long, and the packets and bytes of every
 * record as it is taken, so that a six-hour upload is seen while it goes on. Other rules come in the same order: nothing
 * of them is kept over a restart, whoever gives connections gives them again.
 */
public final class TallyConnections extends Tallying<LifecycleEvent> {

    private static final long serialVersionUID = 1L;

    private final Rules given;
    private final Networks networks;
    private transient List<Desk<ConnectionRouter>> connections;
    private transient List<Desk<RecordRouter>> records;

    /** @param given the rules with which the job starts */
    public TallyConnections(Rules given, Networks networks, Duration aggregationInterval) {
        super(aggregationInterval);
        this.given = given;
        this.networks = networks;
    }

    @Override
    public void open() throws Exception {
        super.open();
        apply(given);
    }

    private void apply(Rules rules) {
        connections = desks(family -> family.connectionRouter(rules));
        records = desks(family -> family.recordRouter(rules));
    }

    @Override
    public void processElement(StreamRecord<LifecycleEvent> element) {
        LifecycleEvent event = element.getValue();
        if (event instanceof FoldedRecord folded) {
            taken(folded);
        } else if (event instanceof Connection connection) {
            published(connection);
        } else {
            RulesChange change = (RulesChange) event;
            apply(change.rules().length == 0 ? given : RulesBytes.read(change.rules()));
        }
    }

    private void taken(FoldedRecord folded) {
        if (records.isEmpty()) {
            return;
        }
        CountedRecord counted = new CountedRecord(folded, networks);
        for (Desk<RecordRouter> desk : records) {
            desk.router().route(counted, desk.marks());
        }
    }

    private void published(Connection connection) {
        switch (connection.event()) {
            case CLOSE -> {
                ClosedConnection closed = new ClosedConnection(connection, networks);
                for (Desk<ConnectionRouter> desk : connections) {
                    desk.router().route(closed, desk.marks());
                }
            }
            case AGED -> {
                ClosedConnection aged = new ClosedConnection(connection, networks);
                for (Desk<ConnectionRouter> desk : connections) {
                    desk.router().routeAged(aged, desk.marks());
                }
            }
            case OPEN, UPDATE -> {
                return; // for readers of the feed
            }
        }
    }
}
