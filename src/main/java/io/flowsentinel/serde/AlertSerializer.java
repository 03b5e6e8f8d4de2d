package io.flowsentinel.serde;

import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Evidence;
import io.flowsentinel.model.Alert.Party;
import io.flowsentinel.model.Alert.Rule;
import io.flowsentinel.model.Alert.Technique;
import io.flowsentinel.model.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Alerts on their way to the sinks. There are few: the format is plain. */
public final class AlertSerializer extends NounSerializer<Alert> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(Alert alert, DataOutputView out) throws IOException {
        Wire.writeEnum(alert.activity(), out);
        writeRule(alert.rule(), out);
        Wire.writeNullable(alert.findingId(), out);
        Wire.writeNullable(alert.scope(), out);
        Wire.writeList(alert.entity(), AlertSerializer::writeField, out);
        Wire.writeNullable(alert.title(), out);
        Wire.writeNullable(alert.message(), out);
        Wire.writeEnum(alert.severity(), out);
        Wire.writeEnum(alert.status(), out);
        out.writeLong(alert.timeMillis());
        out.writeLong(alert.firstSeenMillis());
        out.writeLong(alert.lastSeenMillis());
        out.writeLong(alert.count());
        writeMap(alert.numbers(), (number, to) -> to.writeLong(number), out);
        writeMap(alert.thresholds(), (threshold, to) -> to.writeDouble(threshold), out);
        Wire.writeNullable(alert.rulesVersion(), out);
        Wire.writeList(alert.connections(), AlertSerializer::writeEvidence, out);
        Wire.writeList(alert.records(), Wire::writeRef, out);
        out.writeBoolean(alert.coverageGap());
        writeAnomaly(alert.anomaly(), out);
        out.writeLong(alert.baselineSinceMillis());
        writeTexts(alert.context(), out);
        Wire.writeNullable(alert.suppressedBy(), out);
    }

    @Override
    protected Alert read(DataInputView in) throws IOException {
        return new Alert(
                Wire.readEnum(Alert.Activity.class, in),
                readRule(in),
                Wire.readNullable(in),
                Wire.readNullable(in),
                Wire.readList(AlertSerializer::readField, in),
                Wire.readNullable(in),
                Wire.readNullable(in),
                Wire.readEnum(Alert.Severity.class, in),
                Wire.readEnum(Alert.Status.class, in),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                readMap(DataInputView::readLong, in),
                readMap(DataInputView::readDouble, in),
                Wire.readNullable(in),
                Wire.readList(AlertSerializer::readEvidence, in),
                Wire.readList(Wire::readRef, in),
                in.readBoolean(),
                readAnomaly(in),
                in.readLong(),
                readTexts(in),
                Wire.readNullable(in));
    }

    /** An anomaly, or null. */
    public static void writeAnomaly(Anomaly anomaly, DataOutputView out) throws IOException {
        out.writeBoolean(anomaly != null);
        if (anomaly != null) {
            Wire.writeNullable(anomaly.parameter(), out);
            Wire.writeNullable(anomaly.observed(), out);
            Wire.writeNullable(anomaly.usual(), out);
        }
    }

    public static Anomaly readAnomaly(DataInputView in) throws IOException {
        return in.readBoolean()
                ? new Anomaly(Wire.readNullable(in), Wire.readNullable(in), Wire.readNullable(in))
                : null;
    }

    /** Texts by name. */
    public static void writeTexts(Map<String, String> texts, DataOutputView out) throws IOException {
        writeMap(texts, Wire::writeNullable, out);
    }

    public static Map<String, String> readTexts(DataInputView in) throws IOException {
        return readMap(Wire::readNullable, in);
    }

    private static void writeRule(Rule rule, DataOutputView out) throws IOException {
        Wire.writeNullable(rule.id(), out);
        Wire.writeVarLong(rule.version(), out);
        Wire.writeNullable(rule.name(), out);
        Wire.writeNullable(rule.description(), out);
        Wire.writeEnum(rule.confidence(), out);
        Wire.writeNullable(rule.runbook(), out);
        Wire.writeList(rule.attacks(), AlertSerializer::writeTechnique, out);
    }

    private static Rule readRule(DataInputView in) throws IOException {
        return new Rule(
                Wire.readNullable(in),
                (int) Wire.readVarLong(in),
                Wire.readNullable(in),
                Wire.readNullable(in),
                Wire.readEnum(Alert.Confidence.class, in),
                Wire.readNullable(in),
                Wire.readList(AlertSerializer::readTechnique, in));
    }

    private static void writeTechnique(Technique technique, DataOutputView out) throws IOException {
        Wire.writeNullable(technique.id(), out);
        Wire.writeNullable(technique.name(), out);
        Wire.writeNullable(technique.version(), out);
    }

    private static Technique readTechnique(DataInputView in) throws IOException {
        return new Technique(Wire.readNullable(in), Wire.readNullable(in), Wire.readNullable(in));
    }

    private static void writeField(EntityField field, DataOutputView out) throws IOException {
        Wire.writeNullable(field.name(), out);
        Wire.writeNullable(field.value(), out);
    }

    private static EntityField readField(DataInputView in) throws IOException {
        return new EntityField(Wire.readNullable(in), Wire.readNullable(in));
    }

    private static void writeEvidence(Evidence evidence, DataOutputView out) throws IOException {
        Wire.writeNullable(evidence.connectionId(), out);
        Wire.writeNullable(evidence.scope(), out);
        writeParty(evidence.originator(), out);
        writeParty(evidence.responder(), out);
        out.writeByte(evidence.protocol());
        Wire.writeEnum(evidence.state(), out);
        Wire.writeEnum(evidence.verdict(), out);
        Wire.writeVarLong(evidence.start(), out);
        Wire.writeVarLong(evidence.end(), out);
    }

    private static Evidence readEvidence(DataInputView in) throws IOException {
        return new Evidence(
                Wire.readNullable(in),
                Wire.readNullable(in),
                readParty(in),
                readParty(in),
                in.readUnsignedByte(),
                Wire.readEnum(Connection.ConnState.class, in),
                Wire.readEnum(Connection.Verdict.class, in),
                Wire.readVarLong(in),
                Wire.readVarLong(in));
    }

    private static void writeParty(Party party, DataOutputView out) throws IOException {
        Wire.writeEndpoint(party.endpoint(), out);
        out.writeBoolean(party.internal());
        Wire.writeVarLong(party.packets(), out);
        Wire.writeVarLong(party.bytes(), out);
        Wire.writeNullable(party.interfaceId(), out);
        Wire.writeNullable(party.instanceId(), out);
    }

    private static Party readParty(DataInputView in) throws IOException {
        return new Party(
                Wire.readEndpoint(in),
                in.readBoolean(),
                Wire.readVarLong(in),
                Wire.readVarLong(in),
                Wire.readNullable(in),
                Wire.readNullable(in));
    }

    private static <V> void writeMap(Map<String, V> map, Wire.ElementWriter<V> values, DataOutputView out)
            throws IOException {
        List<String> names = new ArrayList<>(map.keySet());
        Collections.sort(names);
        Wire.writeVarLong(names.size(), out);
        for (String name : names) {
            Wire.writeNullable(name, out);
            values.write(map.get(name), out);
        }
    }

    private static <V> Map<String, V> readMap(Wire.ElementReader<V> values, DataInputView in) throws IOException {
        Map<String, V> map = new TreeMap<>();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            map.put(Wire.readNullable(in), values.read(in));
        }
        return Collections.unmodifiableMap(map);
    }

    @Override
    public TypeSerializerSnapshot<Alert> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Alert> {
        public Snapshot() {
            super(AlertSerializer::new, 2);
        }
    }
}
