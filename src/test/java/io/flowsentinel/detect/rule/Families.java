package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Family;

/** Families of rules for tests of what runs them. */
public final class Families {

    /** {@code port-scan}, {@code host-sweep} and {@code mixed-scan}. */
    public static final Family SCANS = ScanRouter.FAMILY;

    /** {@code syn-flood} and {@code reset-storm}. */
    public static final Family FLOODS = FloodRouter.FAMILY;

    public static final Family FAN_OUTS = LateralFanOut.FAMILY;
    public static final Family SLOW_SCANS = SlowScan.FAMILY;
    public static final Family BEACONS = Beacon.FAMILY;
    public static final Family HOST_CONTACTS = HostContacts.FAMILY;
    public static final Family OUTBOUND_VOLUMES = OutboundVolume.FAMILY;
    public static final Family EXPOSED_ADMIN_SERVICES = ExposedAdminService.FAMILY;

    private Families() {}
}
