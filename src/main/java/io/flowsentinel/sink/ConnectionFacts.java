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

    private ConnectionFacts() {}

    static void write(Connection connection, JsonGenerator json) throws IOException {
        EndReason endReason = connection.endReason();
        Name.UNMAPPED.startObject(json);
        Name.EVENT.write(json, EVENTS.get(connection.event()));
        Name.VERDICT.write(json, VERDICTS.get(connection.verdict()));
        Name.REJECT_REASON.write(json, connection.rejectReason());
        Name.DIRECTION_EVIDENCE.write(json, EVIDENCE.get(connection.directionEvidence()));
        Name.FLAGS.write(json, connection.has(Trait.FLAGS_PRESENT) ? "present" : "absent");
        writeFlags(Name.FLAGS_ORIG, connection.originator(), json);
        writeFlags(Name.FLAGS_RESP, connection.responder(), json);
        Name.END_REASON.write(json, endReason == null ? null : END_REASONS.get(endReason));
        Name.MISSED_CLOSE.write(json, connection.has(Trait.MISSED_CLOSE));
        Name.CROSSED_SYN.write(json, connection.has(Trait.CROSSED_SYN));
        Name.SYN_RECORDS.write(json, connection.synRecords());
        Name.MIDSTREAM.write(json, connection.has(Trait.MIDSTREAM));
        Name.ONE_SIDED.write(json, connection.has(Trait.ONE_SIDED));
        Name.COVERAGE_GAP.write(json, connection.has(Trait.COVERAGE_GAP));
        Name.MULTI_CONNECTION_SUSPECTED.write(json, connection.has(Trait.MULTI_CONNECTION_SUSPECTED));
        Name.SIMULTANEOUS_OPEN.write(json, connection.has(Trait.SIMULTANEOUS_OPEN));
        Name.UNSOLICITED_SYNACK.write(json, connection.has(Trait.UNSOLICITED_SYNACK));
        Name.KEY_QUALITY.write(json, connection.has(Trait.DEGRADED_KEY) ? "degraded" : "full");
        Name.RECORDS.write(json, connection.records());
        writeObservers(connection, json);
        Name.CONTINUATION_OF.write(json, connection.continuationOf());
        Name.SCOPE.write(json, connection.scope());
        json.writeEndObject();
    }

    private static void writeFlags(Name name, Side side, JsonGenerator json) throws IOException {
        if (side.flags() == Side.NO_RECORD) {
            name.write(json, null);
        } else {
            name.write(json, side.flags());
        }
    }

    /** Observations come sorted by interface, so one interface's stand together. One without a name is {@code -}. */
    private static void writeObservers(Connection connection, JsonGenerator json) throws IOException {
        Name.OBSERVERS.startArray(json);
        String previous = null;
        for (Observation observation : connection.observations()) {
            String current = observation.observer().interfaceId();
            if (!current.equals(previous)) {
                json.writeString(current);
                previous = current;
            }
        }
        json.writeEndArray();
    }
}
