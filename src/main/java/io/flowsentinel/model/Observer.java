package io.flowsentinel.model;

import java.util.Objects;

/**
 * The network interface that logged a record, with what the log says about it. Equal observers are shared: a parser or
 * a deserializer hands out the same instance again.
 *
 * @param scope the scope text of the connection key, as configured (lifecycle scope vpc, account or global)
 * @param interfaceId {@code interface-id}, else {@code resource-id}, else {@code -}; for a transit gateway record its
 *     attachment
 * @param accountId {@code account-id}, 12 digits or {@code unknown}; null where absent
 * @param region null where absent
 * @param azId null where absent
 * @param vpcId null where absent
 * @param subnetId null where absent
 * @param instanceId null where absent
 * @param interfaceType an open set, such as {@code nat_gateway}; null where absent
 * @param role instance tag, else Auto Scaling group tag, else subnet; null where the log has none of them
 */
public record Observer(
        String scope,
        String interfaceId,
        String accountId,
        String region,
        String azId,
        String vpcId,
        String subnetId,
        String instanceId,
        String interfaceType,
        String role) {

    /** What {@link #interfaceId} is where the log names no interface. */
    public static final String NO_INTERFACE = "-";

    /** The interface's id; null where the log names none. */
    public String knownInterface() {
        return NO_INTERFACE.equals(interfaceId) ? null : interfaceId;
    }

    /**
     * Of what tells interfaces apart: where a log has no interface ids, subnets and instances do. Asked for every
     * record, so not of more. Nothing routes by it.
     */
    @Override
    public int hashCode() {
        return (31 * interfaceId.hashCode() + Objects.hashCode(subnetId)) * 31 + Objects.hashCode(instanceId);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Observer that
                        && interfaceId.equals(that.interfaceId)
                        && scope.equals(that.scope)
                        && Objects.equals(accountId, that.accountId)
                        && Objects.equals(region, that.region)
                        && Objects.equals(azId, that.azId)
                        && Objects.equals(vpcId, that.vpcId)
                        && Objects.equals(subnetId, that.subnetId)
                        && Objects.equals(instanceId, that.instanceId)
                        && Objects.equals(interfaceType, that.interfaceType)
                        && Objects.equals(role, that.role);
    }
}
