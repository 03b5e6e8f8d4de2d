package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What all messages in the Open Cybersecurity Schema Framework have in common (schema.ocsf.io/1.6.0). */
final class Ocsf {

    /** The first that has {@code is_src_dst_assignment_known}, and {@code role_id} of a resource. */
    static final String VERSION = "1.6.0";

    static final String PRODUCT = "Flow Sentinel";

    /** Version of the product in every body: a constant, so that a body depends on the code alone. */
    static final String PRODUCT_VERSION = "0.1.0";

    /** Version of the feeds' layout, the {@code schema-version} header: raised when a reader has to change. */
    static final String SCHEMA_VERSION = "1";

    /** Attribute value for what the schema has no number for; a sibling attribute then holds the source's text. */
    static final int OTHER = 99;

    /** A value of an enumerated attribute: its number and what the schema calls it. */
    record Value(int id, String caption) {}

    private Ocsf() {}

    /** Writes the class of an event and its category. */
    static void writeClass(JsonGenerator json, int classUid, String className, int categoryUid, String categoryName)
            throws IOException {
        json.writeNumberField("class_uid", classUid);
        json.writeStringField("class_name", className);
        json.writeNumberField("category_uid", categoryUid);
        json.writeStringField("category_name", categoryName);
    }

    /** Writes the activity, and the type that class and activity make together. */
    static void writeActivity(JsonGenerator json, int classUid, String className, Value activity) throws IOException {
        json.writeNumberField("activity_id", activity.id());
        json.writeStringField("activity_name", activity.caption());
        json.writeNumberField("type_uid", classUid * 100 + activity.id());
        json.writeStringField("type_name", className + ": " + activity.caption());
    }

    /** Writes an attribute that has a number and, as its sibling, the caption of it. */
    static void writeValue(JsonGenerator json, String name, Value value) throws IOException {
        json.writeNumberField(name + "_id", value.id());
        json.writeStringField(name, value.caption());
    }

    /** Writes who made the event under which schema. */
    static void writeMetadata(JsonGenerator json, String eventCode, String... profiles) throws IOException {
        json.writeObjectFieldStart("metadata");
        json.writeStringField("version", VERSION);
        json.writeObjectFieldStart("product");
        json.writeStringField("name", PRODUCT);
        json.writeStringField("vendor_name", PRODUCT);
        json.writeStringField("version", PRODUCT_VERSION);
        json.writeEndObject();
        if (eventCode != null) {
            json.writeStringField("event_code", eventCode);
        }
        json.writeFieldName("profiles");
        json.writeArray(profiles, 0, profiles.length);
        json.writeEndObject();
    }

    /** Writes what the originator (out) and the responder (in) sent, and both together. */
    static void writeTraffic(long packetsOut, long bytesOut, long packetsIn, long bytesIn, JsonGenerator json)
            throws IOException {
        Name.TRAFFIC.startObject(json);
        Name.BYTES_OUT.write(json, bytesOut);
        Name.PACKETS_OUT.write(json, packetsOut);
        Name.BYTES_IN.write(json, bytesIn);
        Name.PACKETS_IN.write(json, packetsIn);
        Name.BYTES.write(json, bytesOut + bytesIn);
        Name.PACKETS.write(json, packetsOut + packetsIn);
        json.writeEndObject();
    }

    /** Writes a text that may be absent. */
    static void writeIfKnown(JsonGenerator json, String name, String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }

    /** Names of enum constants as the feeds have them. */
    static <E extends Enum<E>> Map<E, String> lowerCase(Class<E> type) {
        Map<E, String> names = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            names.put(constant, constant.name().toLowerCase(Locale.ROOT));
        }
        return names;
    }
}
