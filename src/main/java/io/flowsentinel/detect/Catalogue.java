package io.flowsentinel.detect;

import java.util.List;

/**
 * All rules there are, by family. A new rule is a class with its tests, a line here and an entry in {@code rules.yaml}.
 */
final class Catalogue {

    static final List<Family> FAMILIES = List.of(
            ScanRouter.FAMILY,
            ExposedAdminService.FAMILY,
            NaclReplyDrop.FAMILY,
            SlowScan.FAMILY,
            LateralFanOut.FAMILY,
            SpamHost.FAMILY,
            UnapprovedDns.FAMILY,
            BruteForce.FAMILY,
            Beacon.FAMILY,
            Strobe.FAMILY,
            LongConnection.FAMILY,
            FloodRouter.FAMILY,
            RejectBurst.FAMILY,
            OutboundDos.FAMILY,
            Amplification.FAMILY,
            OutboundVolume.FAMILY,
            IcmpVolume.FAMILY,
            RoleRouter.FAMILY,
            UnusualProtocol.FAMILY,
            NewExternalPeer.FAMILY,
            NewlyAllowed.FAMILY,
            TrafficPathChange.FAMILY,
            UnsolicitedSynAck.FAMILY,
            SkipdataGap.FAMILY,
            SilentInterface.FAMILY,
            ListMatch.FAMILY);

    private Catalogue() {}

    static Family family(int code) {
        for (Family family : FAMILIES) {
            if (family.code() == code) {
                return family;
            }
        }
        throw new IllegalStateException("No family of rules has the code " + code);
    }
}
