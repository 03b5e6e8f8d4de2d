package io.flowsentinel.reference;

import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import java.util.List;
import java.util.stream.Stream;

/** What security groups and network ACLs did: the first verdict that holds. */
final class Verdicts {

    private static final long ANSWER_SECONDS = 60;

    private final ConnectionRecords connection;
    private final List<Sight> sights;
    private final List<FlowRecord> rejected;

    private Verdicts(ConnectionRecords connection, List<Sight> sights) {
        this.connection = connection;
        this.sights = sights;
        this.rejected =
                connection.all().stream().filter(flow -> !flow.accepted()).toList();
    }

    /** As the feed writes it. */
    static String of(ConnectionRecords connection, List<Sight> sights) {
        return new Verdicts(connection, sights).first();
    }

    private String first() {
        if (rejected.isEmpty()) {
            return "allowed";
        }
        if (connection.tcpWithFlags() && backscatter()) {
            return "unsolicited_reject";
        }
        if (connection.tcpWithFlags() && rejected.stream().noneMatch(flow -> Flags.has(flags(flow), Flags.SYN))) {
            return "stale_reject";
        }
        if (rejects().anyMatch(this::acceptedBeside)) {
            return "mixed";
        }
        if (rejects().anyMatch(this::isAnswerToAnAcceptedRequest)) {
            return "reply_denied";
        }
        if (rejects().anyMatch(this::originatorAcceptedElsewhere)) {
            return "denied_by_destination";
        }
        return rejected.stream().allMatch(flow -> flow.flowDirection() == FlowDirection.EGRESS)
                ? "denied_egress"
                : "denied";
    }

    private boolean backscatter() {
        boolean fromLower = connection.fromLower(rejected.get(0));
        return !connection.anyAccepted()
                && rejected.stream().allMatch(flow -> connection.fromLower(flow) == fromLower)
                && rejected.stream().noneMatch(flow -> flow.flowDirection() == FlowDirection.EGRESS)
                && rejected.stream().noneMatch(flow -> Flags.synOnly(flags(flow)))
                && rejected.stream().anyMatch(flow -> Flags.synAck(flags(flow)));
    }

    private Stream<Sight> rejects() {
        return sights.stream().filter(sight -> !sight.accepted());
    }

    private boolean acceptedBeside(Sight reject) {
        return sights.stream()
                .anyMatch(one -> one.accepted()
                        && one.fromOriginator() == reject.fromOriginator()
                        && one.atSameInterface(reject));
    }

    private boolean isAnswerToAnAcceptedRequest(Sight reject) {
        return !reject.fromOriginator()
                && sights.stream()
                        .anyMatch(one -> one.accepted()
                                && one.fromOriginator()
                                && one.atSameInterface(reject)
                                && one.within(ANSWER_SECONDS, reject));
    }

    private boolean originatorAcceptedElsewhere(Sight reject) {
        return sights.stream().anyMatch(one -> one.accepted() && one.fromOriginator() && !one.atSameInterface(reject));
    }

    private static int flags(FlowRecord flow) {
        return Flags.masked(flow.tcpFlags());
    }
}
