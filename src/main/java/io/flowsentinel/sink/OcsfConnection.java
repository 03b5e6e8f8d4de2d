package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import java.io.IOException;
import java.util.List;

/**
 * A connection as OCSF Network Activity. Source is the originator and destination the responder, as far as
 * {@code is_src_dst_assignment_known} goes.
 *
 * <p>Which of the two ends an intermediate address stands for is not in the log, so both list all of them.
 */
final class OcsfConnection extends JsonEncoder<Connection> {

    private static final int CLASS_UID = 4001;
    private static final String CLASS_NAME = "Network Activity";
    private static final int CATEGORY_UID = 4;

    private static final int ALLOWED = 1;
    private static final int DENIED = 2;
    private static final int BLOCKED = 2;
    private static final int INFORMATIONAL = 1;
    private static final long MILLIS = 1000;

    private final InternalNetworks internal;
    private transient CommunityId communityId;

    OcsfConnection(InternalNetworks internal) {
        this.internal = internal;
    }

    @Override
    String keyText(Connection connection) {
        return connection.id();
    }

    @Override
    void write(Connection connection, JsonGenerator json) throws IOException {
        json.writeStartObject();
        Ocsf.writeClass(json, CLASS_UID, CLASS_NAME, CATEGORY_UID, CLASS_NAME);
        Ocsf.writeActivity(json, CLASS_UID, CLASS_NAME, ConnectionActivity.of(connection));
        json.writeNumberField("severity_id", INFORMATIONAL);
        json.writeStringField("severity", "Informational");
        Ocsf.writeMetadata(json, null, "cloud", "security_control");
        writeTimes(connection, json);
        json.writeStringField("status_code", connection.state().name());
        boolean blocked = ConnectionActivity.blocked(connection.verdict());
        json.writeNumberField("action_id", blocked ? DENIED : ALLOWED);
        json.writeNumberField("disposition_id", blocked ? BLOCKED : ALLOWED);
        json.writeBooleanField("is_src_dst_assignment_known", connection.rolesKnown());
        writeEndpoint("src_endpoint", connection.originator(), connection.intermediates(), json);
        writeEndpoint("dst_endpoint", connection.responder(), connection.intermediates(), json);
        writeConnectionInfo(connection, json);
        writeTraffic(connection.originator(), connection.responder(), json);
        writeCloud(teller(connection), json);
        ConnectionFacts.write(connection, json);
        json.writeEndObject();
    }

    private static void writeTimes(Connection connection, JsonGenerator json) throws IOException {
        json.writeNumberField("time", connection.end() * MILLIS);
        json.writeNumberField("start_time", connection.start() * MILLIS);
        json.writeNumberField("end_time", connection.end() * MILLIS);
        json.writeNumberField("duration", (connection.end() - connection.start()) * MILLIS);
    }

    private static void writeEndpoint(String name, Side side, List<IpAddress> intermediates, JsonGenerator json)
            throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("ip", side.endpoint().address().toString());
        json.writeNumberField("port", side.endpoint().port());
        Observer observer = side.observer();
        if (observer != null) {
            Ocsf.writeIfKnown(json, "interface_uid", ConnectionFacts.interfaceOf(observer));
            Ocsf.writeIfKnown(json, "instance_uid", observer.instanceId());
            Ocsf.writeIfKnown(json, "vpc_uid", observer.vpcId());
            Ocsf.writeIfKnown(json, "subnet_uid", observer.subnetId());
        }
        Ocsf.writeIfKnown(json, "svc_name", side.service());
        if (!intermediates.isEmpty()) {
            json.writeArrayFieldStart("intermediate_ips");
            for (IpAddress address : intermediates) {
                json.writeString(address.toString());
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void writeConnectionInfo(Connection connection, JsonGenerator json) throws IOException {
        if (communityId == null) {
            communityId = new CommunityId();
        }
        Side originator = connection.originator();
        Side responder = connection.responder();
        json.writeObjectFieldStart("connection_info");
        json.writeStringField("uid", connection.id());
        Ocsf.writeIfKnown(
                json,
                "community_uid",
                communityId.of(connection.protocol(), originator.endpoint(), responder.endpoint()));
        json.writeNumberField("protocol_num", connection.protocol());
        json.writeNumberField("direction_id", ConnectionPath.direction(ours(originator), ours(responder)));
        int boundary = ConnectionPath.boundary(connection.trafficPath());
        json.writeNumberField("boundary_id", boundary);
        if (boundary == Ocsf.OTHER) {
            json.writeStringField("boundary", "traffic-path " + connection.trafficPath());
        }
        json.writeEndObject();
    }

    /** An address is ours when it is in our networks or an interface of its own has logged it. */
    private boolean ours(Side side) {
        return side.observer() != null || internal.contains(side.endpoint().address());
    }

    private static void writeTraffic(Side originator, Side responder, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("traffic");
        json.writeNumberField("bytes_out", originator.bytes());
        json.writeNumberField("packets_out", originator.packets());
        json.writeNumberField("bytes_in", responder.bytes());
        json.writeNumberField("packets_in", responder.packets());
        json.writeNumberField("bytes", originator.bytes() + responder.bytes());
        json.writeNumberField("packets", originator.packets() + responder.packets());
        json.writeEndObject();
    }

    /** Whose account and region the event has: the originator's interface, else the responder's, else the first. */
    private static Observer teller(Connection connection) {
        if (connection.originator().observer() != null) {
            return connection.originator().observer();
        }
        if (connection.responder().observer() != null) {
            return connection.responder().observer();
        }
        return connection.observations().isEmpty()
                ? null
                : connection.observations().get(0).observer();
    }

    private static void writeCloud(Observer observer, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("cloud");
        json.writeStringField("provider", "AWS");
        if (observer != null) {
            if (observer.accountId() != null) {
                json.writeObjectFieldStart("account");
                json.writeStringField("uid", observer.accountId());
                json.writeEndObject();
            }
            Ocsf.writeIfKnown(json, "region", observer.region());
            Ocsf.writeIfKnown(json, "zone", observer.azId());
        }
        json.writeEndObject();
    }
}
