package io.flowsentinel.model;

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
        String role) {}
