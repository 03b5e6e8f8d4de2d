package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.settings.BaselineNeeded;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.EntityField;
import java.util.List;
import java.util.Map;

/**
 * Machines of one role use an AWS service that the role has not used for two weeks, as somebody does who carries data off
 * to a bucket of their own. What looks alike and does not fire: a service used by another role only, one or two
 * connections, and public addresses that are no AWS service. The service is what AWS writes of the responder
 * ({@code pkt-dst-aws-service}), one code only where ranges overlap. The kind of finding is GuardDuty's.
 *
 * <p>Of the entity see {@link NewRemotePort}, which judges the same roles.
 */
final class UnusualAwsService extends NewThings {

    static final String ID = "unusual-aws-service";

    private static final Told TOLD = new Told(
            "services",
            "service",
            "AWS services the role uses",
            "subnet",
            "Unusual AWS service: role %s connected to %s not used before, %s");

    UnusualAwsService(RuleSettings rule, BaselineNeeded needed) {
        super(rule, needed, RoleRouter.SPAN, rule.threshold("connections"), TOLD);
    }

    @Override
    String thing(Cell cell) {
        return RoleRouter.service(cell);
    }

    @Override
    List<EntityField> entity(PaneTally counted) {
        return RoleRouter.entity(counted.cell());
    }

    @Override
    Map<String, String> context(PaneTally counted) {
        return RoleRouter.context(counted.cell());
    }
}
