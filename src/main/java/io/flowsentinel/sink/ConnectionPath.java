package io.flowsentinel.sink;

import io.flowsentinel.model.Annotations;

/** OCSF's numbers for where a connection ran: {@code direction_id} and {@code boundary_id}. */
final class ConnectionPath {

    private static final int UNKNOWN = 0;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;
    private static final int LATERAL = 3;

    /**
     * By AWS {@code traffic-path}. The order of OCSF's list is that of AWS, three numbers on: 4 same VPC; 5 internet or
     * gateway VPC endpoint; 6 virtual private gateway; 7 peering within the region; 8 peering between regions; 9 local
     * gateway, lately Local or Wavelength Zone; 10 gateway VPC endpoint and 11 internet gateway, both on Nitro only.
     */
    private static final int[] BOUNDARIES = {UNKNOWN, 4, 5, 6, 7, 8, 9, 10, 11};

    private ConnectionPath() {}

    /** {@code direction_id} as seen from our networks; unknown where neither side is known to be ours. */
    static int direction(boolean originatorInternal, boolean responderInternal) {
        if (originatorInternal) {
            return responderInternal ? LATERAL : OUTBOUND;
        }
        return responderInternal ? INBOUND : UNKNOWN;
    }

    /** {@code boundary_id} of a traffic path; {@link Ocsf#OTHER} for a number AWS has added since. */
    static int boundary(int trafficPath) {
        if (trafficPath == Annotations.NO_PATH) {
            return UNKNOWN;
        }
        return trafficPath > 0 && trafficPath < BOUNDARIES.length ? BOUNDARIES[trafficPath] : Ocsf.OTHER;
    }
}
