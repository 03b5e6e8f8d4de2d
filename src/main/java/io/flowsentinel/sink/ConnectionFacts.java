package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Event;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.Observer;
import java.io.IOException;
import java.util.Map;

/**
 * What is known of a connection beyond OCSF's attributes, its {@code unmapped} object. All keys are always there, null
 * where they say nothing, so that a table made of the feed has the same columns every day.
 */
final class ConnectionFacts {

    private static final Map<Event, String> EVENTS = Ocsf.lowerCase(Event.class);
    private static final Map<Verdict, String> VERDICTS = Ocsf.lowerCase(Verdict.class);
    private static final Map<DirectionEvidence, String> EVIDENCE = Ocsf.lowerCase(DirectionEvidence.class);
    private static final Map<EndReason, String> END_REASONS = Ocsf.lowerCase(EndReason.class);

    private static final String NO_INTERFACE = "-";

    private ConnectionFacts() {}

    static void write(Connection connection, JsonGenerator json) throws IOException {
        EndReason endReason = connection.endReason();
        json.writeObjectFieldStart("unmapped");
        json.writeStringField("event", EVENTS.get(connection.event()));
        json.writeStringField("verdict", VERDICTS.get(connection.verdict()));
        json.writeStringField("reject_reason", connection.rejectReason());
        json.writeStringField("direction_evidence", EVIDENCE.get(connection.directionEvidence()));
        json.writeStringField("flags", connection.has(Trait.FLAGS_PRESENT) ? "present" : "absent");
        writeFlags("flags_orig", connection.originator(), json);
        writeFlags("flags_resp", connection.responder(), json);
        json.writeStringField("end_reason", endReason == null ? null : END_REASONS.get(endReason));
        json.writeBooleanField("missed_close", connection.has(Trait.MISSED_CLOSE));
        json.writeBooleanField("crossed_syn", connection.has(Trait.CROSSED_SYN));
        json.writeNumberField("syn_records", connection.synRecords());
        json.writeBooleanField("midstream", connection.has(Trait.MIDSTREAM));
        json.writeBooleanField("one_sided", connection.has(Trait.ONE_SIDED));
        json.writeBooleanField("coverage_gap", connection.has(Trait.COVERAGE_GAP));
        json.writeBooleanField("multi_connection_suspected", connection.has(Trait.MULTI_CONNECTION_SUSPECTED));
        json.writeBooleanField("simultaneous_open", connection.has(Trait.SIMULTANEOUS_OPEN));
        json.writeBooleanField("unsolicited_synack", connection.has(Trait.UNSOLICITED_SYNACK));
        json.writeStringField("key_quality", connection.has(Trait.DEGRADED_KEY) ? "degraded" : "full");
        json.writeNumberField("records", connection.records());
        writeObservers(connection, json);
        json.writeStringField("continuation_of", connection.continuationOf());
        json.writeStringField("scope", connection.scope());
        json.writeEndObject();
    }

    /** The interface's id; null where the log names none. */
    static String interfaceOf(Observer observer) {
        return NO_INTERFACE.equals(observer.interfaceId()) ? null : observer.interfaceId();
    }

    private static void writeFlags(String name, Side side, JsonGenerator json) throws IOException {
        if (side.flags() == Side.NO_RECORD) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, side.flags());
        }
    }

    /** Observations come sorted by interface, so one interface's stand together. */
    private static void writeObservers(Connection connection, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("observers");
        String previous = null;
        for (Observation observation : connection.observations()) {
            String current = interfaceOf(observation.observer());
            if (current != null && !current.equals(previous)) {
                json.writeString(current);
                previous = current;
            }
        }
        json.writeEndArray();
    }
}
