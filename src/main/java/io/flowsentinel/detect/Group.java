package io.flowsentinel.detect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules that judge the same one's behaviour: they share a key exchange, a state and a timer. The name of a constant is
 * part of operator names and never changes.
 */
public enum Group {
    /** Whoever opens connections. */
    ORIGINATOR,
    /** Whoever answers them. */
    RESPONDER,
    /** The network interface that logged them. */
    INTERFACE;

    /** Tells the group's keys; a group whose rules are all off routes nothing. */
    Router router(Rules rules, Networks networks, Panes panes) {
        if (rules.on(ids()).isEmpty()) {
            return Router.NOWHERE;
        }
        return switch (this) {
            case ORIGINATOR -> new OriginatorRouter(rules, networks, panes);
            case RESPONDER -> new ResponderRouter(rules, networks);
            case INTERFACE -> new InterfaceRouter(rules, networks);
        };
    }

    Panes panes(Duration aggregationInterval) {
        return Panes.of(aggregationInterval, this == RESPONDER ? Duration.ofDays(1) : Duration.ZERO);
    }

    Court court(Rules rules) {
        List<Detector> detectors = new ArrayList<>();
        MixedScan mixed = null;
        for (String id : ids()) {
            RuleSettings rule = rules.rule(id);
            switch (rule.id()) {
                case PortScan.ID -> detectors.add(new PortScan(rule));
                case HostSweep.ID -> detectors.add(new HostSweep(rule));
                case MixedScan.ID -> mixed = new MixedScan(rule);
                case ExposedAdminService.ID -> detectors.add(new ExposedAdminService(rule));
                case NaclReplyDrop.ID -> detectors.add(new NaclReplyDrop(rule));
                default -> throw new IllegalStateException("No detector for " + rule.id());
            }
        }
        PlainCourt plain = new PlainCourt(detectors);
        return this == ORIGINATOR ? new ScanCourt(plain, mixed) : plain;
    }

    /** What a contribution is counted as. */
    Cell cell(Contribution contribution) {
        return switch (this) {
            case ORIGINATOR -> new Cell(
                    contribution.responder().address(),
                    contribution.responder().port(),
                    contribution.protocol(),
                    null,
                    contribution.allowedBy());
            case RESPONDER -> new Cell(
                    contribution.originator().address(),
                    contribution.responder().port(),
                    contribution.protocol(),
                    String.valueOf(Math.floorDiv(contribution.start(), Episode.DAY) * Episode.DAY),
                    contribution.allowedBy());
            case INTERFACE -> new Cell(
                    null,
                    NaclReplyDrop.icmp(contribution.protocol())
                            ? 0
                            : contribution.responder().port(),
                    contribution.protocol(),
                    contribution.side(),
                    contribution.allowedBy());
        };
    }

    private String[] ids() {
        return switch (this) {
            case ORIGINATOR -> new String[] {PortScan.ID, HostSweep.ID, MixedScan.ID};
            case RESPONDER -> new String[] {ExposedAdminService.ID};
            case INTERFACE -> new String[] {NaclReplyDrop.ID};
        };
    }
}
