package io.flowsentinel.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.sink.AlertFormat;
import io.flowsentinel.sink.Encoders;
import io.flowsentinel.sink.InternalNetworks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of the connection feed, whether a run has written it or a connection would be written so: what is asserted of
 * the one is asserted of the other.
 */
public final class ConnectionRow {

    /** The flags of a side without a record. */
    public static final int NO_RECORD = -1;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String text;
    private final JsonNode row;
    private final List<Observation> observations;

    private ConnectionRow(String text, JsonNode row, List<Observation> observations) {
        this.text = text;
        this.row = row;
        this.observations = observations;
    }

    /** A line of the feed. */
    public static ConnectionRow of(String line) {
        return new ConnectionRow(line, parse(line), List.of());
    }

    /** What the sink writes of a connection, where no network is configured as ours. */
    public static ConnectionRow of(Connection connection) {
        byte[] written = new Encoders(AlertFormat.OCSF, InternalNetworks.NONE)
                .connections()
                .value(connection);
        String line = new String(written, StandardCharsets.UTF_8);
        return new ConnectionRow(line, parse(line), connection.observations());
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode json() {
        return row;
    }

    /** What each interface logged; empty where only the feed is known, which does not say. */
    List<Observation> observations() {
        return observations;
    }

    String id() {
        return string("/connection_info/uid");
    }

    /** What all connections between the same two ends have in common. */
    List<String> key() {
        List<String> ends = new ArrayList<>(List.of(end("/src_endpoint"), end("/dst_endpoint")));
        ends.sort(null);
        ends.add(string("/unmapped/scope"));
        ends.add(string("/connection_info/protocol_num"));
        return ends;
    }

    private String end(String side) {
        return string(side + "/ip") + " " + string(side + "/port");
    }

    String event() {
        return string("/unmapped/event");
    }

    /** Whether this is the last word about the connection. */
    public boolean isClose() {
        return event().equals("close");
    }

    int originatorFlags() {
        return row.at("/unmapped/flags_orig").asInt(NO_RECORD);
    }

    int responderFlags() {
        return row.at("/unmapped/flags_resp").asInt(NO_RECORD);
    }

    /** A text; null where the row has none. */
    String string(String pointer) {
        JsonNode value = row.at(pointer);
        return value.isMissingNode() || value.isNull() ? null : value.asText();
    }

    long number(String pointer) {
        return row.at(pointer).asLong();
    }

    /** One of the facts beside OCSF's attributes that hold or do not. */
    boolean is(String fact) {
        return row.at("/unmapped/" + fact).asBoolean();
    }

    /** The line as written. */
    @Override
    public String toString() {
        return text;
    }
}
