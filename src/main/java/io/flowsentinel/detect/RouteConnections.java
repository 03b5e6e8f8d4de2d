package io.flowsentinel.detect;

import io.flowsentinel.model.Connection;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Sends on what matters of a closed connection, under the key of whoever is judged: in front of the key exchange, where
 * everything that is left out is cheap.
 *
 * <p>Most connections of an originator are answered ones of which a pane needs to hear once per service. A small cache
 * of the last ones sent leaves out the repetitions; what it forgets is sent again and changes nothing.
 */
public final class RouteConnections extends RichFlatMapFunction<Connection, Contribution> {

    private static final long serialVersionUID = 1L;

    private static final int CACHED = 1 << 13;

    private final Router router;
    private final Panes panes;
    private transient Contribution[] lastSent;

    public RouteConnections(Group group, Rules rules, Networks networks, Duration aggregationInterval) {
        this.router = group.router(rules, networks);
        this.panes = group.panes(aggregationInterval);
    }

    @Override
    public void open(OpenContext context) {
        lastSent = new Contribution[CACHED];
    }

    @Override
    public void flatMap(Connection connection, Collector<Contribution> out) {
        if (connection.event() == Connection.Event.CLOSE) {
            router.route(connection, contribution -> {
                if (contribution.counts() || !sentAlready(contribution)) {
                    out.collect(contribution);
                }
            });
        }
    }

    private boolean sentAlready(Contribution fact) {
        int hash = (fact.key().hashCode() * 31 + fact.responder().hashCode()) * 0x9E3779B1;
        int place = hash >>> 32 - Integer.numberOfTrailingZeros(CACHED);
        Contribution last = lastSent[place];
        lastSent[place] = fact;
        return last != null && saysTheSame(last, fact);
    }

    private boolean saysTheSame(Contribution one, Contribution other) {
        return one.facts() == other.facts()
                && one.protocol() == other.protocol()
                && one.responder().equals(other.responder())
                && one.key().equals(other.key())
                && panes.entering(one.start(), one.decidedAt()) == panes.entering(other.start(), other.decidedAt());
    }
}
