package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.OpenAge;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All rules there are, by family. A new rule is a class with its tests, a line here, entries in {@code rules.yaml} and
 * {@code rules-schema.json}, a row in the README, and what fields it needs in {@code RuleCoverage}.
 */
public final class Catalogue {

    /** In the order in which they are asked: one that hears another comes after it. */
    public static final List<Family> FAMILIES = List.of(
            ScanRouter.FAMILY,
            ExposedAdminService.FAMILY,
            NaclReplyDrop.FAMILY,
            SlowScan.FAMILY,
            LateralFanOut.FAMILY,
            SpamHost.FAMILY,
            UnapprovedDns.FAMILY,
            BruteForce.FAMILY,
            Beacon.FAMILY,
            HostContacts.FAMILY,
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

    /** The largest code of a family. */
    public static final int MOST_CODE =
            FAMILIES.stream().mapToInt(Family::code).max().orElseThrow();

    /** Those whose subjects rest, see {@link Family#rests}. */
    public static final List<Family> RESTING =
            FAMILIES.stream().filter(Family::rests).toList();

    private static final Family[] BY_CODE = byCode();

    private static final Map<Integer, List<Family>> BY_SPACE =
            FAMILIES.stream().collect(Collectors.groupingBy(Family::space));

    private Catalogue() {}

    private static Family[] byCode() {
        Family[] families = new Family[1 + MOST_CODE];
        FAMILIES.forEach(family -> families[family.code()] = family);
        return families;
    }

    /** Ages at which rules look at connections that are still open; ascending, may be empty. */
    public static List<OpenAge> ages(Rules rules) {
        return Stream.of(BruteForce.ages(rules), LongConnection.ages(rules))
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(OpenAge::seconds))
                .toList();
    }

    /** The family that state names so. */
    public static Family family(int code) {
        Family family = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        if (family == null) {
            throw new IllegalStateException("No family of rules has the code " + code);
        }
        return family;
    }

    /** The families that judge the subjects of a space, in the catalogue's order. */
    public static List<Family> ofSpace(int space) {
        return BY_SPACE.get(space);
    }
}
