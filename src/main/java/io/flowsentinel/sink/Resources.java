package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Evidence;
import io.flowsentinel.model.Alert.Party;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * OCSF's {@code resources}: what an alert is about. These are what the entity names, and the instances that have its
 * addresses as far as the evidence tells. Where none of them is an internal host's, it is the internal sides of the evidence:
 * their instances, else their interfaces.
 */
final class Resources {

    /** OCSF's role_id. */
    private static final int UNKNOWN = 0;

    private static final int TARGET = 1;
    private static final int ACTOR = 2;
    private static final int AFFECTED = 3;

    /** A kind of resource, and its id. */
    private record Name(String type, String uid) {}

    private final Alert alert;
    private final Map<Name, Integer> roles = new LinkedHashMap<>();

    private Resources(Alert alert) {
        this.alert = alert;
    }

    static void write(Alert alert, JsonGenerator json) throws IOException {
        Resources resources = new Resources(alert);
        alert.entity().forEach(resources::add);
        resources.addHosts();
        json.writeArrayFieldStart("resources");
        for (Map.Entry<Name, Integer> resource : resources.roles.entrySet()) {
            json.writeStartObject();
            json.writeStringField("uid", resource.getKey().uid());
            json.writeStringField("type", resource.getKey().type());
            json.writeNumberField("role_id", resource.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** An address or a named part of the network is a resource; a port, a protocol or a direction is none. */
    private void add(EntityField field) {
        switch (field.name()) {
            case "originator", "responder", "endpoint", "peer" -> add(
                    AlertEncoder.isBlock(field.value()) ? "Address Block" : "IP Address", field.value(), role(field));
            case "interface" -> add("Network Interface", field.value(), AFFECTED);
            case "subnet" -> add(alert.context().containsKey("role") ? "Role" : "Subnet", field.value(), AFFECTED);
            case "flow_log" -> add("Flow Log", field.value(), AFFECTED);
            default -> {
                return;
            }
        }
    }

    private void add(String type, String uid, int role) {
        roles.putIfAbsent(new Name(type, uid), role);
    }

    /** Who opened it is the actor; of whom the name of the field does not say, the evidence does where all of it agrees. */
    private int role(EntityField field) {
        return switch (field.name()) {
            case "originator" -> ACTOR;
            case "responder" -> TARGET;
            default -> roleIn(field.value());
        };
    }

    private int roleIn(String address) {
        Integer role = null;
        for (Evidence evidence : alert.connections()) {
            if (isAt(evidence.originator(), address)) {
                role = agreed(role, ACTOR);
            }
            if (isAt(evidence.responder(), address)) {
                role = agreed(role, TARGET);
            }
        }
        return role == null ? UNKNOWN : role;
    }

    private static Integer agreed(Integer known, Integer told) {
        return known == null || known.equals(told) ? told : Integer.valueOf(UNKNOWN);
    }

    private static boolean isAt(Party party, String address) {
        return party.endpoint().address().toString().equals(address);
    }

    private void addHosts() {
        Map<String, Integer> instances = new TreeMap<>();
        Map<String, Integer> interfaces = new TreeMap<>();
        boolean named = false;
        for (EntityField field : alert.entity()) {
            if (AlertEncoder.isAddress(field)) {
                for (Evidence evidence : alert.connections()) {
                    named |= isInternal(evidence.originator(), field) || isInternal(evidence.responder(), field);
                }
                eachParty((party, role) -> {
                    if (party.instanceId() != null && isAt(party, field.value())) {
                        instances.putIfAbsent(party.instanceId(), role(field));
                    }
                });
            }
        }
        if (!named) {
            eachParty((party, role) -> {
                if (party.internal() && party.instanceId() != null) {
                    instances.merge(party.instanceId(), role, Resources::agreed);
                } else if (party.internal() && party.interfaceId() != null) {
                    interfaces.merge(party.interfaceId(), role, Resources::agreed);
                }
            });
        }
        instances.forEach((id, role) -> add("EC2 Instance", id, role));
        interfaces.forEach((id, role) -> add("Network Interface", id, role));
    }

    private static boolean isInternal(Party party, EntityField field) {
        return party.internal() && isAt(party, field.value());
    }

    private void eachParty(BiConsumer<Party, Integer> visitor) {
        for (Evidence evidence : alert.connections()) {
            visitor.accept(evidence.originator(), ACTOR);
            visitor.accept(evidence.responder(), TARGET);
        }
    }
}
