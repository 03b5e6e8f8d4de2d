package io.flowsentinel.detect;

import io.flowsentinel.detect.Sighting.PaneTally;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A responder answered a public originator on an administration or database port; one finding a UTC day. Sources that
 * an allow-list entry names make it less severe, not silent: the port is open all the same. An entry that names no
 * source says that the exposure itself is meant.
 */
final class ExposedAdminService implements Detector {

    static final String ID = "exposed-admin-service";
    /** Key of {@link Contribution#allowedBy} for an entry that names the source. */
    static final String KNOWN_SOURCE = ID + " source";

    private final RuleSettings rule;

    ExposedAdminService(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return 1;
    }

    @Override
    public List<Sighting> judge(Window window) {
        Map<List<String>, List<PaneTally>> byDayAndPort = new LinkedHashMap<>();
        for (PaneTally entry : window.tallies()) {
            Cell cell = entry.cell();
            byDayAndPort
                    .computeIfAbsent(List.of(cell.side(), String.valueOf(cell.port())), unseen -> new ArrayList<>())
                    .add(entry);
        }
        List<Sighting> sightings = new ArrayList<>();
        byDayAndPort.forEach((key, all) -> {
            List<PaneTally> accused = all.stream()
                    .filter(entry -> !entry.cell().allowedBy().containsKey(ID))
                    .toList();
            String allowedBy = all.get(0).cell().allowedBy().get(ID);
            sightings.add(accused.isEmpty() ? sighting(key, all, allowedBy) : sighting(key, accused, null));
        });
        return sightings;
    }

    private Sighting sighting(List<String> key, List<PaneTally> tallies, String allowedBy) {
        Contribution example = tallies.get(0).tally().first();
        boolean knownOnly =
                tallies.stream().allMatch(entry -> entry.cell().allowedBy().containsKey(KNOWN_SOURCE));
        Set<Long> originators = new TreeSet<>();
        for (PaneTally entry : tallies) {
            IpAddress originator = entry.cell().address();
            originators.add(Cell.fingerprint(originator, 0, 0));
        }
        return new Sighting(
                rule,
                example.scope(),
                List.of(
                        new EntityField(
                                "responder", example.responder().address().toString()),
                        new EntityField("port", key.get(1))),
                knownOnly ? Severity.LOW : Severity.HIGH,
                1,
                true,
                Long.parseLong(key.get(0)),
                allowedBy,
                tallies,
                Map.of("originators", originators));
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Exposed service: %s answered %s on port %s, %s"
                .formatted(
                        entity.get("responder"),
                        Wording.counted(numbers.get("originators"), "public originator"),
                        entity.get("port"),
                        Wording.counted(numbers.get("connections"), "connection"));
    }
}
