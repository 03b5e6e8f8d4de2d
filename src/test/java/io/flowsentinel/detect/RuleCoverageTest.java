package io.flowsentinel.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.settings.Rules;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class RuleCoverageTest {

    /** AWS's default format. */
    private static final String V2 =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
                    + " start end action log-status";

    private static final String V3_WITHOUT_PACKET_ADDRESSES = V2 + " vpc-id subnet-id instance-id tcp-flags type";

    private static final String ALL = V3_WITHOUT_PACKET_ADDRESSES
            + " pkt-srcaddr pkt-dstaddr region az-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path"
            + " interface-type";

    private static final String TRANSIT_GATEWAY =
            "version resource-type account-id tgw-id tgw-attachment-id srcaddr dstaddr"
                    + " srcport dstport protocol packets bytes start end log-status type tcp-flags region flow-direction"
                    + " pkt-src-aws-service pkt-dst-aws-service";

    private final RuleCoverage coverage = RuleCoverage.of(Rules.load("scope: {subnets: [subnet-1]}", "a.yaml"), true);

    @Test
    void withAllFieldsEveryRuleSeesWhatItNeeds() {
        assertThat(of(ALL))
                .containsExactly(
                        "on: " + String.join(", ", Rules.defaults().all().keySet()));
    }

    @Test
    void aDryRunIsMarked() {
        RuleCoverage dry = RuleCoverage.of(Rules.load("rules: {port-scan: {mode: dry-run}}", "a.yaml"), true);

        assertThat(dry.of(Set.of(ALL.split(" "))).get(0)).startsWith("on: port-scan (dry-run), host-sweep, ");
        assertThat(dry.of(Set.of(V2.split(" "))))
                .anyMatch(line -> line.startsWith("port-scan (dry-run): degraded, no tcp-flags"));
    }

    @Test
    void theDefaultFormatLeavesLittle() {
        assertThat(of(V2))
                .startsWith("on: unusual-protocol, skipdata-gap, silent-interface")
                .contains(
                        "port-scan: degraded, no tcp-flags: an opening is guessed: up to 3 rejected packets a record to the"
                                + " lower port, none accepted; no pkt-srcaddr, pkt-dstaddr: what passes a NAT gateway is told of the gateway too",
                        "lateral-fan-out: degraded, no tcp-flags: who opened a TCP connection is guessed from its ports;"
                                + " no pkt-srcaddr, pkt-dstaddr: what passes a NAT gateway is told of the gateway too",
                        "unapproved-dns: degraded, no tcp-flags: who opened a TCP connection is guessed from its ports;"
                                + " no pkt-srcaddr, pkt-dstaddr: what passes a NAT gateway is told of the gateway too",
                        "syn-flood: off, no tcp-flags: who opened a TCP connection, and whether it was answered, is not known",
                        "outbound-volume: off, no flow-direction: which end an interface belongs to is not known",
                        "traffic-path-change: off, no flow-direction: which end an interface belongs to is not known; no"
                                + " traffic-path: the way out is not known; no subnet-id: there is no subnet to name");
        assertThat(off(V2))
                .containsExactlyInAnyOrder(
                        "syn-flood",
                        "unsolicited-synack",
                        "reset-storm",
                        "brute-force",
                        "strobe",
                        "exposed-admin-service",
                        "newly-allowed",
                        "outbound-volume",
                        "new-remote-port",
                        "new-external-peer",
                        "outbound-dos",
                        "amplification",
                        "icmp-volume",
                        "traffic-path-change",
                        "unusual-aws-service");
    }

    @Test
    void flagsBringTheTcpRulesBack() {
        assertThat(of(V3_WITHOUT_PACKET_ADDRESSES))
                .contains(
                        "port-scan: degraded, no pkt-srcaddr, pkt-dstaddr: what passes a NAT gateway is told of the gateway"
                                + " too",
                        "nacl-reply-drop: degraded, no flow-direction: the way is guessed from internal addresses");
        assertThat(of(V3_WITHOUT_PACKET_ADDRESSES).get(0))
                .contains("syn-flood", "exposed-admin-service", "newly-allowed", "list-match");
        assertThat(off(V3_WITHOUT_PACKET_ADDRESSES)).doesNotContain("brute-force", "strobe", "reset-storm");
    }

    @Test
    void aTransitGatewayHasNeitherFlagsNorRejects() {
        assertThat(of(TRANSIT_GATEWAY))
                .contains(
                        "port-scan: off, no usable tcp-flags, action: no attempt is known to have failed",
                        "syn-flood: off, no usable tcp-flags: who opened a TCP connection, and whether it was answered, is"
                                + " not known",
                        "new-remote-port: off, no subnet-id, instance-tag, asg-tag: there is no role to judge")
                .noneMatch(line -> line.contains("NAT gateway is told") || line.contains("counts as let through"));
        assertThat(of(TRANSIT_GATEWAY).get(0))
                .isEqualTo("on: amplification, icmp-volume, unusual-protocol, skipdata-gap, silent-interface");
    }

    @Test
    void onePacketAddressIsNotEnough() {
        assertThat(of(ALL.replace(" pkt-srcaddr", "")))
                .contains("strobe: degraded, no pkt-srcaddr: what passes a NAT gateway is told of the gateway too");
    }

    @Test
    void withoutAnInstancePodsAreNotCountedApart() {
        assertThat(of(ALL.replace(" instance-id", "").replace(" interface-type", "")))
                .contains("amplification: degraded, no instance-id, interface-type: volumes of further addresses of an"
                        + " interface, such as pods', are not counted apart");
    }

    @Test
    void aTagIsARoleWithoutASubnet() {
        assertThat(of(ALL.replace(" subnet-id", " asg-tag")))
                .contains("new-remote-port: degraded, no subnet-id: only machines with a tag are judged");
    }

    @Test
    void aResourceStandsForItsInterface() {
        assertThat(of(ALL.replace(" interface-id", " resource-id"))).hasSize(1);
        assertThat(of(ALL.replace(" interface-id", "")))
                .contains("silent-interface: off, no interface-id: there is no interface to name");
    }

    @Test
    void whatIsOffAnywayIsSaidToo() {
        RuleCoverage shipped = RuleCoverage.of(Rules.load("rules: {strobe: {mode: off}}", "a.yaml"), false);

        assertThat(shipped.of(words(ALL)))
                .contains(
                        "strobe: off, by the rules file",
                        "new-external-peer: off, scope.subnets names no subnet",
                        "list-match: off, lists.files names no list");
    }

    @Test
    void itKnowsNoRuleThatIsNotThere() throws Exception {
        assertThat(RuleCoverage.ofWhich()).isSubsetOf(Rules.defaults().all().keySet());
        assertThat(InstantiationUtil.clone(coverage).of(words(V2))).isEqualTo(of(V2));
    }

    private Set<String> off(String fields) {
        Set<String> off = new TreeSet<>();
        for (String line : of(fields)) {
            if (line.contains(": off, ")) {
                off.add(line.substring(0, line.indexOf(':')));
            }
        }
        return off;
    }

    private List<String> of(String fields) {
        return coverage.of(words(fields));
    }

    private static Set<String> words(String fields) {
        return Set.of(fields.split(" "));
    }
}
