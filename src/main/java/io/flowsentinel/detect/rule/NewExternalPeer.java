package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.settings.BaselineNeeded;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Observer;
import java.util.List;
import java.util.Set;

/**
 * A public peer was let in to a subnet that is watched, for the first time in sixty days. What looks alike and does not
 * fire: an attempt that a filter rejected, the subnet's own connections to new peers, a peer that comes back, and a subnet
 * that {@code scope.subnets} does not name: where none is named, the rule is off. Panther and Elastic have the kind of
 * rule, without numbers.
 *
 * <p>Accepted is enough, nobody needs to have answered. A direction guessed for want of ports accuses nobody, nor does
 * TCP without a handshake. The baseline is that of the subnet, whoever it talks to, see {@link Attendance}: the very first
 * peer of a private subnet is what the rule is for. All new peers of one subnet are one finding that lists them.
 */
public final class NewExternalPeer extends NewThings {

    /** Of the rule, in every rules file and alert. */
    public static final String ID = "new-external-peer";

    static final Family FAMILY = Family.ofHours(21)
            .rule(ID, rules -> new NewExternalPeer(rules.rule(ID), rules.baseline()))
            .connections(Routing::new);

    private static final Told TOLD = new Told(
            "peers",
            "public peer",
            "public peers let in to the subnet",
            "subnet",
            "New external peers: %s let in %s not seen before, %s");
    private static final long SPAN = 60 * Detector.DAY;

    NewExternalPeer(RuleSettings rule, BaselineNeeded needed) {
        super(rule, needed, SPAN, 1, TOLD);
    }

    @Override
    String thing(Cell cell) {
        return Attendance.is(cell) ? null : cell.address().toString();
    }

    @Override
    List<EntityField> entity(PaneTally counted) {
        return List.of(new EntityField("subnet", counted.cell().side()));
    }

    /** What watched subnets let in from public peers, and of all else only that the subnet is there. */
    static final class Routing implements ConnectionRouter {

        private final Set<String> watched;
        private final List<RuleSettings> rules;

        Routing(Rules rules) {
            this.watched = rules.subnets();
            this.rules = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection closed, Marks marks) {
            if (watched.isEmpty()) {
                return;
            }
            Connection connection = closed.connection();
            Observer own = connection.responder().observer();
            if (watched(own) && closed.originatorPublic() && known(closed) && letIn(connection, own)) {
                Cell cell = new Cell(
                        closed.originator(),
                        closed.port(),
                        closed.protocol(),
                        own.subnetId(),
                        AllowLists.covering(rules, closed));
                marks.count(subject(own), cell, closed);
            } else if (Attendance.tells(
                    connection.originator().endpoint(), connection.responder().endpoint(), closed.start())) {
                present(own, closed, marks);
                present(connection.originator().observer(), closed, marks);
            }
        }

        private void present(Observer own, ClosedConnection closed, Marks marks) {
            if (watched(own)) {
                marks.add(subject(own), Attendance.CELL, closed, Attendance.tally(closed.sample()));
            }
        }

        private boolean watched(Observer own) {
            return own != null && own.subnetId() != null && watched.contains(own.subnetId());
        }

        private static boolean known(ClosedConnection closed) {
            return closed.tcp()
                    ? closed.connection().rolesKnown()
                    : closed.connection().directionEvidence() != DirectionEvidence.NONE;
        }

        private static boolean letIn(Connection connection, Observer own) {
            for (Observation seen : connection.observations()) {
                if (seen.fromOriginator()
                        && seen.action() == Action.ACCEPT
                        && seen.observer().interfaceId().equals(own.interfaceId())) {
                    return true;
                }
            }
            return false;
        }

        private static Subject subject(Observer own) {
            return Subject.of(FAMILY.space(), own.scope(), own.subnetId());
        }
    }
}
