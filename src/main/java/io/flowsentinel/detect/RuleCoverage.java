package io.flowsentinel.detect;

import io.flowsentinel.detect.rule.ListMatch;
import io.flowsentinel.detect.rule.NewExternalPeer;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.RuleSettings.Mode;
import io.flowsentinel.detect.settings.Rules;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the rules can see in objects that have certain fields: a rule is on, degraded or off. What is off for other
 * reasons than fields is so too, lest anybody wait for it.
 *
 * <p>Names of fields are those AWS gives the columns of text objects. What a rule needs follows from its code; a rule that
 * begins to look at another field needs a line in {@link #LOSSES}.
 */
public final class RuleCoverage implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final String FLAGS = "tcp-flags";
    private static final String ACTION = "action";
    private static final String DIRECTION = "flow-direction";
    private static final String INTERFACE = "interface-id";
    private static final String INSTANCE = "instance-id";
    private static final String INTERFACE_TYPE = "interface-type";
    private static final String SUBNET = "subnet-id";
    private static final String SERVICE = "pkt-dst-aws-service";
    private static final String PACKET_SOURCE = "pkt-srcaddr";
    private static final String PACKET_DESTINATION = "pkt-dstaddr";

    /** Not a field of its own: both ends' packet-level addresses. */
    private static final String PACKET_ADDRESSES = PACKET_SOURCE + ", " + PACKET_DESTINATION;

    /** Not a field: a transit gateway logs at attachments, which are nobody's own. */
    private static final String NETWORK_INTERFACES = "network interfaces";

    /** Among what is missing: the log is not a transit gateway's. */
    private static final String TRANSIT_GATEWAY = "tgw-id";

    private static final String[] SCANS = {"port-scan", "host-sweep", "mixed-scan", "slow-scan"};

    private static final String[] REJECTED = {"port-scan", "host-sweep", "mixed-scan", "slow-scan", "reject-burst"};

    /** Rules about an internal originator, which a NAT gateway may stand for. */
    private static final String[] TRANSLATED = {
        "port-scan",
        "host-sweep",
        "mixed-scan",
        "slow-scan",
        "lateral-fan-out",
        "brute-force",
        "beacon",
        "strobe",
        "outbound-volume",
        "new-remote-port",
        "spam-host",
        "outbound-dos",
        "unapproved-dns",
        "icmp-volume",
        "unusual-aws-service"
    };

    private static final List<Loss> LOSSES = List.of(
            Loss.off(
                    "who opened a TCP connection, and whether it was answered, is not known",
                    List.of(FLAGS),
                    "syn-flood",
                    "unsolicited-synack",
                    "reset-storm",
                    "brute-force",
                    "strobe",
                    "exposed-admin-service",
                    "newly-allowed"),
            Loss.degraded(
                    "an opening is guessed: up to 3 rejected packets a record to the lower port, none accepted",
                    List.of(FLAGS),
                    REJECTED),
            Loss.off("no attempt is known to have failed", List.of(FLAGS, ACTION), SCANS),
            Loss.degraded("only UDP is judged", List.of(FLAGS), "beacon", "new-remote-port", "unusual-aws-service"),
            Loss.degraded("TCP is not judged", List.of(FLAGS), "new-external-peer", "nacl-reply-drop"),
            Loss.degraded(
                    "who opened a TCP connection is guessed from its ports",
                    List.of(FLAGS),
                    "lateral-fan-out",
                    "unapproved-dns",
                    "long-connection",
                    "outbound-dos",
                    "spam-host",
                    "traffic-path-change"),
            Loss.degraded("packets that passed both ways are contact, answered or not", List.of(FLAGS), "list-match"),
            Loss.off(
                    "nothing is known to be rejected",
                    List.of(ACTION),
                    "reject-burst",
                    "nacl-reply-drop",
                    "newly-allowed"),
            Loss.degraded("what was rejected does not count", List.of(ACTION), SCANS),
            Loss.degraded(
                    "what was rejected counts as let through",
                    List.of(ACTION, TRANSIT_GATEWAY),
                    "outbound-volume",
                    "outbound-dos",
                    "icmp-volume",
                    "unusual-protocol",
                    "new-external-peer",
                    "spam-host",
                    "list-match"),
            Loss.off(
                    "which end an interface belongs to is not known",
                    List.of(DIRECTION),
                    "outbound-volume",
                    "new-remote-port",
                    "new-external-peer",
                    "outbound-dos",
                    "amplification",
                    "icmp-volume",
                    "traffic-path-change",
                    "unusual-aws-service"),
            Loss.degraded(
                    "the way is guessed from internal addresses",
                    List.of(DIRECTION),
                    "reject-burst",
                    "unsolicited-synack",
                    "nacl-reply-drop"),
            Loss.degraded("the rate of connections is not judged", List.of(NETWORK_INTERFACES), "outbound-dos"),
            Loss.off("there is no interface to name", List.of(INTERFACE), "skipdata-gap", "silent-interface"),
            Loss.degraded(
                    "all interfaces of a VPC count as one",
                    List.of(INTERFACE),
                    "reject-burst",
                    "unsolicited-synack",
                    "unusual-protocol",
                    "nacl-reply-drop"),
            Loss.degraded("all interfaces of a VPC count as one", List.of(INSTANCE, INTERFACE), "outbound-volume"),
            Loss.degraded(
                    "the interfaces of an instance are judged each for itself", List.of(INSTANCE), "outbound-volume"),
            Loss.degraded(
                    "volumes of further addresses of an interface, such as pods', are not counted apart",
                    List.of(INSTANCE, INTERFACE_TYPE),
                    "outbound-volume",
                    "outbound-dos",
                    "amplification",
                    "icmp-volume"),
            Loss.degraded(
                    "what passes a NAT gateway is told of the gateway too", List.of(PACKET_ADDRESSES), TRANSLATED),
            Loss.off("which AWS service an address is of is not known", List.of(SERVICE), "unusual-aws-service"),
            Loss.degraded(
                    "traffic to AWS services counts too",
                    List.of(SERVICE),
                    "beacon",
                    "long-connection",
                    "outbound-volume",
                    "outbound-dos"),
            Loss.degraded("AWS services are told apart by address only", List.of(SERVICE), "traffic-path-change"),
            Loss.off("the way out is not known", List.of("traffic-path"), "traffic-path-change"),
            Loss.off("there is no subnet to name", List.of(SUBNET), "new-external-peer", "traffic-path-change"),
            Loss.off(
                    "there is no role to judge",
                    List.of(SUBNET, "instance-tag", "asg-tag"),
                    "new-remote-port",
                    "unusual-aws-service"),
            Loss.degraded(
                    "only machines with a tag are judged", List.of(SUBNET), "new-remote-port", "unusual-aws-service"),
            Loss.degraded(
                    "a NAT gateway counts as a machine of its subnet",
                    List.of(INTERFACE_TYPE),
                    "new-remote-port",
                    "unusual-aws-service"),
            Loss.off(
                    "there are no bytes to count",
                    List.of("bytes"),
                    "outbound-volume",
                    "amplification",
                    "icmp-volume",
                    "brute-force"),
            Loss.off("there are no packets to count", List.of("packets"), "icmp-volume", "brute-force"),
            Loss.degraded(
                    "a connection that waits cannot be told from a half-open one", List.of("packets"), "syn-flood"),
            Loss.degraded("packets a second are not judged", List.of("packets"), "outbound-dos"),
            Loss.degraded("bits a second are not judged", List.of("bytes"), "outbound-dos"),
            Loss.off("lost records are not told", List.of("log-status"), "skipdata-gap"));

    private final List<String> rules;
    private final Set<String> dryRun;
    private final Map<String, String> offAnyway;

    private RuleCoverage(List<String> rules, Set<String> dryRun, Map<String, String> offAnyway) {
        this.rules = rules;
        this.dryRun = dryRun;
        this.offAnyway = offAnyway;
    }

    /**
     * What some rules lose where none of the fields is there.
     *
     * @param what in a few words
     * @param missing all of them
     * @param off whether nothing is left of the rule
     */
    private record Loss(String what, List<String> missing, boolean off, List<String> rules) {

        static Loss off(String what, List<String> missing, String... rules) {
            return new Loss(what, missing, true, List.of(rules));
        }

        static Loss degraded(String what, List<String> missing, String... rules) {
            return new Loss(what, missing, false, List.of(rules));
        }

        /** Whether the other one says more of the same. */
        boolean within(Loss other) {
            return other.missing.size() > missing.size() && other.missing.containsAll(missing);
        }
    }

    /**
     * For the rules in force.
     *
     * @param lists whether there are lists of addresses: they are large, so it is not the rules that have to have them
     */
    public static RuleCoverage of(Rules rules, boolean lists) {
        Map<String, String> offAnyway = new LinkedHashMap<>();
        rules.all().forEach((id, rule) -> {
            if (!rule.on()) {
                offAnyway.put(id, "by the rules file");
            }
        });
        if (rules.subnets().isEmpty()) {
            offAnyway.putIfAbsent(NewExternalPeer.ID, "scope.subnets names no subnet");
        }
        if (!lists) {
            offAnyway.putIfAbsent(ListMatch.ID, "lists.files names no list");
        }
        Set<String> dryRun = rules.all().values().stream()
                .filter(rule -> rule.mode() == Mode.DRY_RUN)
                .map(RuleSettings::id)
                .collect(Collectors.toUnmodifiableSet());
        return new RuleCoverage(List.copyOf(rules.all().keySet()), dryRun, offAnyway);
    }

    /**
     * A line for all rules that see what they need, and one for each other: {@code port-scan: degraded, no tcp-flags: …}.
     *
     * @param fields that objects have, by AWS's names
     */
    public List<String> of(Set<String> fields) {
        Set<String> present = present(fields);
        List<String> on = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String rule : rules) {
            List<Loss> losses = losses(rule, present);
            if (offAnyway.containsKey(rule)) {
                lines.add(rule + ": off, " + offAnyway.get(rule));
            } else if (losses.isEmpty()) {
                on.add(shown(rule));
            } else {
                lines.add(shown(rule) + ": " + described(losses, fields));
            }
        }
        lines.add(0, "on: " + (on.isEmpty() ? "none" : String.join(", ", on)));
        return lines;
    }

    /** A rule that is on and tells nobody looks otherwise. */
    private String shown(String rule) {
        return dryRun.contains(rule) ? rule + " (dry-run)" : rule;
    }

    /** The rules that need more than the fields every usable object has. */
    static Set<String> ofWhich() {
        return LOSSES.stream().flatMap(loss -> loss.rules().stream()).collect(Collectors.toSet());
    }

    /** Where a rule is off, what else it would lose does not matter. */
    private static String described(List<Loss> losses, Set<String> fields) {
        boolean off = losses.stream().anyMatch(Loss::off);
        return losses.stream()
                .filter(loss -> loss.off() == off)
                .map(loss -> "no " + named(loss.missing(), fields) + ": " + loss.what())
                .collect(Collectors.joining("; ", off ? "off, " : "degraded, ", ""));
    }

    private static String named(List<String> missing, Set<String> fields) {
        return missing.stream()
                .filter(field -> !field.equals(TRANSIT_GATEWAY))
                .map(field -> named(field, fields))
                .collect(Collectors.joining(", "));
    }

    private static String named(String missing, Set<String> fields) {
        if (missing.equals(PACKET_ADDRESSES)) {
            return fields.contains(PACKET_SOURCE)
                    ? PACKET_DESTINATION
                    : fields.contains(PACKET_DESTINATION) ? PACKET_SOURCE : PACKET_ADDRESSES;
        }
        return fields.contains(missing) ? "usable " + missing : missing;
    }

    private static List<Loss> losses(String rule, Set<String> present) {
        List<Loss> losses = LOSSES.stream()
                .filter(loss -> loss.rules().contains(rule))
                .filter(loss -> loss.missing().stream().noneMatch(present::contains))
                .toList();
        return losses.stream()
                .filter(loss -> losses.stream().noneMatch(loss::within))
                .toList();
    }

    /**
     * What of the fields is of use. A transit gateway logs packets at its attachments as they are, forwards them without
     * another address, stands for no other interface, and has flags of which a SYN-ACK cannot be told; a resource stands for its interface.
     */
    private static Set<String> present(Set<String> fields) {
        Set<String> present = new TreeSet<>(fields);
        boolean transitGateway = fields.stream().anyMatch(RuleCoverage::ofTransitGateway);
        if (transitGateway) {
            present.addAll(List.of(TRANSIT_GATEWAY, PACKET_ADDRESSES, INTERFACE_TYPE));
            present.remove(FLAGS);
        } else {
            present.add(NETWORK_INTERFACES);
        }
        if (fields.contains(transitGateway ? "tgw-attachment-id" : "resource-id")) {
            present.add(INTERFACE);
        }
        if (fields.containsAll(List.of(PACKET_SOURCE, PACKET_DESTINATION))) {
            present.add(PACKET_ADDRESSES);
        }
        return present;
    }

    private static boolean ofTransitGateway(String field) {
        return field.startsWith("tgw-") || field.startsWith("packets-lost-") || field.equals("resource-type");
    }
}
