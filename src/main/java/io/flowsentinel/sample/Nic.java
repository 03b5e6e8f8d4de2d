package io.flowsentinel.sample;

/**
 * A network interface, with what the log says about it in each of its records.
 *
 * @param interfaceId {@code eni-} and 17 hex digits
 * @param accountId 12 digits; {@code unknown} for an interface AWS made
 * @param subnetId its subnet
 * @param instanceId {@code -} for load balancers, NAT gateways and endpoints
 * @param azId availability zone id
 * @param flowLog id of the flow log it belongs to
 * @param address primary private IPv4 address
 * @param address6 IPv6 address; null where it has none
 * @param phaseSeconds where in a minute its aggregation intervals begin, 0 to 59
 */
public record Nic(
        String interfaceId,
        String accountId,
        String subnetId,
        String instanceId,
        String azId,
        String flowLog,
        String address,
        String address6,
        int phaseSeconds) {

    /** Interfaces are few and never equal by chance: their id says it all. */
    @Override
    public int hashCode() {
        return interfaceId.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Nic that && interfaceId.equals(that.interfaceId);
    }
}
