package io.flowsentinel.detect;

import io.flowsentinel.detect.Sighting.PaneTally;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.FlowRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network ACL, which unlike a security group knows no connections, accepts one way and rejects the replies. The
 * entity's {@code direction} is that of the rejected replies at the interface: {@code egress} where the responder is
 * behind it, {@code ingress} where the originator is.
 */
final class NaclReplyDrop implements Detector {

    static final String ID = "nacl-reply-drop";

    private final RuleSettings rule;

    NaclReplyDrop(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return Math.min(rule.threshold("connections"), rule.threshold("icmp"));
    }

    @Override
    public List<Sighting> judge(Window window) {
        Map<List<EntityField>, List<PaneTally>> byEntity = new LinkedHashMap<>();
        for (PaneTally entry : window.tallies()) {
            byEntity.computeIfAbsent(entity(entry), unseen -> new ArrayList<>()).add(entry);
        }
        List<Sighting> sightings = new ArrayList<>();
        byEntity.forEach((entity, all) -> {
            double threshold = rule.threshold(icmp(all.get(0).cell().protocol()) ? "icmp" : "connections");
            List<PaneTally> accused = all.stream()
                    .filter(entry -> !entry.cell().allowedBy().containsKey(ID))
                    .toList();
            if (connections(accused) >= threshold) {
                sightings.add(sighting(entity, accused, threshold, null));
            } else if (connections(all) >= threshold) {
                sightings.add(sighting(entity, all, threshold, firstEntry(all)));
            }
        });
        return sightings;
    }

    static boolean icmp(int protocol) {
        return protocol == FlowRecord.ICMP || protocol == FlowRecord.ICMPV6;
    }

    private static List<EntityField> entity(PaneTally entry) {
        Cell cell = entry.cell();
        List<EntityField> entity = new ArrayList<>();
        if (!icmp(cell.protocol())) {
            entity.add(new EntityField("port", String.valueOf(cell.port())));
        }
        entity.add(new EntityField("protocol", String.valueOf(cell.protocol())));
        entity.add(new EntityField("interface", entry.tally().first().interfaceId()));
        entity.add(new EntityField("direction", cell.side()));
        return List.copyOf(entity);
    }

    private static long connections(List<PaneTally> tallies) {
        return tallies.stream().mapToLong(entry -> entry.tally().count()).sum();
    }

    private static String firstEntry(List<PaneTally> tallies) {
        return tallies.stream()
                .map(entry -> entry.cell().allowedBy().get(ID))
                .filter(entry -> entry != null)
                .findFirst()
                .orElseThrow();
    }

    private Sighting sighting(List<EntityField> entity, List<PaneTally> tallies, double threshold, String allowedBy) {
        return new Sighting(
                rule,
                tallies.get(0).tally().first().scope(),
                entity,
                Severity.LOW,
                threshold,
                true,
                Sighting.ANY_DAY,
                allowedBy,
                tallies,
                Map.of());
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Network ACL rejects replies: %s of %s at %s, %s"
                .formatted(
                        entity.get("direction"),
                        service(entity),
                        entity.get("interface"),
                        Wording.counted(numbers.get("connections"), "connection"));
    }

    private static String service(Map<String, String> entity) {
        String protocol = entity.get("protocol");
        String name =
                switch (protocol) {
                    case "1" -> "ICMP";
                    case "6" -> "TCP";
                    case "17" -> "UDP";
                    case "58" -> "ICMPv6";
                    default -> "protocol " + protocol;
                };
        return entity.containsKey("port") ? name + " port " + entity.get("port") : name;
    }
}
