package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A connection as OCSF Network Activity. Source is the originator and destination the responder, as far as
 * {@code is_src_dst_assignment_known} goes.
 */
final class OcsfConnection extends JsonEncoder<Connection> {

    private static final int CLASS_UID = 4001;
    private static final String CLASS_NAME = "Network Activity";
    private static final int CATEGORY_UID = 4;

    private static final Ocsf.Value INFORMATIONAL = new Ocsf.Value(1, "Informational");

    /** The fields that depend on nothing but the activity, written once. */
    private static final Map<Ocsf.Value, SerializableString> HEADS =
            ConnectionActivity.ALL.stream().collect(Collectors.toMap(activity -> activity, OcsfConnection::head));

    private static final int ALLOWED = 1;
    private static final int DENIED = 2;
    private static final int BLOCKED = 2;
    private static final long MILLIS = 1000;

    /** What AWS writes for interfaces of services whose account it keeps to itself. */
    private static final String UNKNOWN_ACCOUNT = "unknown";

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
        // The head ends with a comma, and the generator, which knows nothing of it, sets none before the next field.
        json.writeRaw(HEADS.get(ConnectionActivity.of(connection)));
        writeTimes(connection, json);
        Name.STATUS_CODE.write(json, connection.state().name());
        boolean blocked = ConnectionActivity.blocked(connection.verdict());
        Name.ACTION_ID.write(json, blocked ? DENIED : ALLOWED);
        Name.DISPOSITION_ID.write(json, blocked ? BLOCKED : ALLOWED);
        Name.IS_SRC_DST_ASSIGNMENT_KNOWN.write(json, connection.rolesKnown());
        writeEndpoint(Name.SRC_ENDPOINT, connection.originator(), json);
        writeEndpoint(Name.DST_ENDPOINT, connection.responder(), json);
        writeConnectionInfo(connection, json);
        Side from = connection.originator();
        Side to = connection.responder();
        Ocsf.writeTraffic(from.packets(), from.bytes(), to.packets(), to.bytes(), json);
        writeCloud(teller(connection), json);
        ConnectionFacts.write(connection, json);
        json.writeEndObject();
    }

    private static SerializableString head(Ocsf.Value activity) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            Ocsf.writeClass(json, CLASS_UID, CLASS_NAME, CATEGORY_UID, CLASS_NAME);
            Ocsf.writeActivity(json, CLASS_UID, CLASS_NAME, activity);
            Ocsf.writeValue(json, "severity", INFORMATIONAL);
            Ocsf.writeMetadata(json, null, "cloud", "security_control");
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        String braced = text.toString();
        return new SerializedString(braced.substring(1, braced.length() - 1) + ",");
    }

    private static void writeTimes(Connection connection, JsonGenerator json) throws IOException {
        Name.TIME.write(json, connection.end() * MILLIS);
        Name.START_TIME.write(json, connection.start() * MILLIS);
        Name.END_TIME.write(json, connection.end() * MILLIS);
        Name.DURATION.write(json, (connection.end() - connection.start()) * MILLIS);
    }

    private static void writeEndpoint(Name name, Side side, JsonGenerator json) throws IOException {
        name.startObject(json);
        Name.IP.write(json, side.endpoint().address().toString());
        Name.PORT.write(json, side.endpoint().port());
        Observer observer = side.observer();
        if (observer != null) {
            Name.INTERFACE_UID.writeIfKnown(json, observer.knownInterface());
            Name.INSTANCE_UID.writeIfKnown(json, observer.instanceId());
            Name.VPC_UID.writeIfKnown(json, observer.vpcId());
            Name.SUBNET_UID.writeIfKnown(json, observer.subnetId());
        }
        Name.SVC_NAME.writeIfKnown(json, side.service());
        if (!side.intermediates().isEmpty()) {
            Name.INTERMEDIATE_IPS.startArray(json);
            for (IpAddress address : side.intermediates()) {
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
        Name.CONNECTION_INFO.startObject(json);
        Name.UID.write(json, connection.id());
        Name.COMMUNITY_UID.writeIfKnown(
                json, communityId.of(connection.protocol(), originator.endpoint(), responder.endpoint()));
        Name.PROTOCOL_NUM.write(json, connection.protocol());
        Name.DIRECTION_ID.write(json, ConnectionPath.direction(ours(originator), ours(responder)));
        int boundary = ConnectionPath.boundary(connection.trafficPath());
        Name.BOUNDARY_ID.write(json, boundary);
        if (boundary == Ocsf.OTHER) {
            Name.BOUNDARY.write(json, "traffic-path " + connection.trafficPath());
        }
        json.writeEndObject();
    }

    /** An address is ours when it is in our networks or an interface of its own has logged it. */
    private boolean ours(Side side) {
        return side.observer() != null || internal.contains(side.endpoint().address());
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
        Name.CLOUD.startObject(json);
        Name.PROVIDER.write(json, "AWS");
        if (observer != null) {
            if (observer.accountId() != null && !observer.accountId().equals(UNKNOWN_ACCOUNT)) {
                Name.ACCOUNT.startObject(json);
                Name.UID.write(json, observer.accountId());
                json.writeEndObject();
            }
            Name.REGION.writeIfKnown(json, observer.region());
            Name.ZONE.writeIfKnown(json, observer.azId());
        }
        json.writeEndObject();
    }
}
