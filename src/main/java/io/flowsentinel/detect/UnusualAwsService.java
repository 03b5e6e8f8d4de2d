package io.flowsentinel.detect;

import io.flowsentinel.detect.Sighting.PaneTally;
import java.util.List;

/**
 * Machines of one role use an AWS service that the role has not used for two weeks, as somebody does who carries data off
 * to a bucket of their own. What looks alike and does not fire: a service used by another role only, one or two
 * connections, and public addresses that are no AWS service. The service is what AWS writes of the responder
 * ({@code pkt-dst-aws-service}), one code only where ranges overlap. The kind of finding is GuardDuty's.
 *
 * <p>Of the entity see {@link NewRemotePort}, which judges the same roles.
 */
final class UnusualAwsService implements Detector {

    static final String ID = "unusual-aws-service";

    private static final String SERVICES = "services";

    private final NewThings services;

    UnusualAwsService(RuleSettings rule, Baseline.Needed needed) {
        this.services = new NewThings(
                rule,
                needed,
                RoleRouter.SPAN,
                SERVICES,
                "AWS services the role uses",
                rule.threshold("connections"),
                RoleRouter::service);
    }

    @Override
    public RuleSettings rule() {
        return services.rule();
    }

    @Override
    public double least() {
        return services.least();
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        return NewRemotePort.byRole(services, window, memory);
    }

    @Override
    public boolean learns() {
        return true;
    }

    @Override
    public void learn(long pane, List<PaneTally> tallies, Memory memory) {
        services.learn(pane, tallies, memory);
    }

    @Override
    public long forget(Memory memory, long time) {
        return services.forget(memory, time);
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Unusual AWS service: %s connected to %s not used before, %s"
                .formatted(
                        entity.get("subnet"),
                        Wording.counted(numbers.get(SERVICES), "service"),
                        Wording.counted(numbers.get(Sighting.CONNECTIONS), "connection"));
    }
}
