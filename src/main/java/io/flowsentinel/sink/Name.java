package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;

/** The names in a connection's message, encoded once: they are most of its bytes, and most of the work otherwise. */
final class Name {

    static final Name STATUS_CODE = new Name("status_code");
    static final Name ACTION_ID = new Name("action_id");
    static final Name DISPOSITION_ID = new Name("disposition_id");
    static final Name IS_SRC_DST_ASSIGNMENT_KNOWN = new Name("is_src_dst_assignment_known");
    static final Name TIME = new Name("time");
    static final Name START_TIME = new Name("start_time");
    static final Name END_TIME = new Name("end_time");
    static final Name DURATION = new Name("duration");
    static final Name IP = new Name("ip");
    static final Name PORT = new Name("port");
    static final Name UID = new Name("uid");
    static final Name PROTOCOL_NUM = new Name("protocol_num");
    static final Name DIRECTION_ID = new Name("direction_id");
    static final Name BOUNDARY_ID = new Name("boundary_id");
    static final Name BOUNDARY = new Name("boundary");
    static final Name BYTES_OUT = new Name("bytes_out");
    static final Name PACKETS_OUT = new Name("packets_out");
    static final Name BYTES_IN = new Name("bytes_in");
    static final Name PACKETS_IN = new Name("packets_in");
    static final Name BYTES = new Name("bytes");
    static final Name PACKETS = new Name("packets");
    static final Name PROVIDER = new Name("provider");
    static final Name INTERMEDIATE_IPS = new Name("intermediate_ips");
    static final Name CONNECTION_INFO = new Name("connection_info");
    static final Name TRAFFIC = new Name("traffic");
    static final Name CLOUD = new Name("cloud");
    static final Name ACCOUNT = new Name("account");
    static final Name INTERFACE_UID = new Name("interface_uid");
    static final Name INSTANCE_UID = new Name("instance_uid");
    static final Name VPC_UID = new Name("vpc_uid");
    static final Name SUBNET_UID = new Name("subnet_uid");
    static final Name SVC_NAME = new Name("svc_name");
    static final Name COMMUNITY_UID = new Name("community_uid");
    static final Name REGION = new Name("region");
    static final Name ZONE = new Name("zone");
    static final Name SRC_ENDPOINT = new Name("src_endpoint");
    static final Name DST_ENDPOINT = new Name("dst_endpoint");
    static final Name EVENT = new Name("event");
    static final Name VERDICT = new Name("verdict");
    static final Name REJECT_REASON = new Name("reject_reason");
    static final Name DIRECTION_EVIDENCE = new Name("direction_evidence");
    static final Name FLAGS = new Name("flags");
    static final Name END_REASON = new Name("end_reason");
    static final Name MISSED_CLOSE = new Name("missed_close");
    static final Name CROSSED_SYN = new Name("crossed_syn");
    static final Name SYN_RECORDS = new Name("syn_records");
    static final Name MIDSTREAM = new Name("midstream");
    static final Name ONE_SIDED = new Name("one_sided");
    static final Name COVERAGE_GAP = new Name("coverage_gap");
    static final Name MULTI_CONNECTION_SUSPECTED = new Name("multi_connection_suspected");
    static final Name SIMULTANEOUS_OPEN = new Name("simultaneous_open");
    static final Name UNSOLICITED_SYNACK = new Name("unsolicited_synack");
    static final Name KEY_QUALITY = new Name("key_quality");
    static final Name RECORDS = new Name("records");
    static final Name CONTINUATION_OF = new Name("continuation_of");
    static final Name SCOPE = new Name("scope");
    static final Name UNMAPPED = new Name("unmapped");
    static final Name OBSERVERS = new Name("observers");
    static final Name FLAGS_ORIG = new Name("flags_orig");
    static final Name FLAGS_RESP = new Name("flags_resp");

    private final SerializableString text;

    private Name(String text) {
        this.text = new SerializedString(text);
    }

    /** @param value null is written as such */
    void write(JsonGenerator json, String value) throws IOException {
        json.writeFieldName(text);
        json.writeString(value);
    }

    void write(JsonGenerator json, long number) throws IOException {
        json.writeFieldName(text);
        json.writeNumber(number);
    }

    void write(JsonGenerator json, boolean truth) throws IOException {
        json.writeFieldName(text);
        json.writeBoolean(truth);
    }

    /** Writes a text that may be absent. */
    void writeIfKnown(JsonGenerator json, String value) throws IOException {
        if (value != null) {
            write(json, value);
        }
    }

    void startObject(JsonGenerator json) throws IOException {
        json.writeFieldName(text);
        json.writeStartObject();
    }

    void startArray(JsonGenerator json) throws IOException {
        json.writeFieldName(text);
        json.writeStartArray();
    }
}
