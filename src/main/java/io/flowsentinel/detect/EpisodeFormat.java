package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Notable;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.serde.AlertSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** An open episode, in state. */
final class EpisodeFormat {

    private static final SampleSerializer SAMPLES = new SampleSerializer();

    private EpisodeFormat() {}

    static void write(Episode episode, DataOutputView out) throws IOException {
        Wire.writeNullable(episode.findingId, out);
        Wire.writeNullable(episode.ruleId, out);
        Wire.writeNullable(episode.scope, out);
        Wire.writeList(episode.entity, EpisodeFormat::writeField, out);
        Wire.writeNullable(episode.suppressedBy, out);
        out.writeLong(episode.day);
        Wire.writeEnum(episode.severity, out);
        out.writeDouble(episode.threshold);
        out.writeLong(episode.lastHeld);
        out.writeLong(episode.countedThrough);
        Wire.writeNullable(episode.measure, out);
        out.writeLong(episode.connections);
        out.writeLong(episode.records);
        out.writeLong(episode.packets);
        out.writeLong(episode.bytes);
        out.writeLong(episode.firstSeen);
        out.writeLong(episode.lastSeen);
        out.writeBoolean(episode.coverageGap);
        out.writeBoolean(episode.guessed);
        out.writeLong(episode.nextMultiple);
        out.writeLong(episode.nextReminder);
        out.writeBoolean(episode.collecting);
        Wire.writeVarLong(episode.most, out);
        Wire.writeVarLong(episode.distinct.size(), out);
        for (Map.Entry<String, Set<Long>> entry : episode.distinct.entrySet()) {
            Wire.writeNullable(entry.getKey(), out);
            writeNumbers(entry.getValue(), out);
        }
        writeAmounts(episode.peaks, out);
        AlertSerializer.writeAnomaly(episode.anomaly, out);
        out.writeLong(episode.baselineSince);
        AlertSerializer.writeTexts(episode.context, out);
        Wire.writeVarLong(episode.listed.size(), out);
        for (Map.Entry<String, TreeSet<String>> entry : episode.listed.entrySet()) {
            Wire.writeNullable(entry.getKey(), out);
            Wire.writeList(List.copyOf(entry.getValue()), Wire::writeNullable, out);
        }
        writeAmounts(episode.sums, out);
        writeNotable(episode.notable, out);
        Wire.writeList(episode.evidence, SAMPLES::serialize, out);
    }

    static Episode read(DataInputView in) throws IOException {
        Episode episode = new Episode(
                Wire.readNullable(in),
                Wire.readNullable(in),
                Wire.readNullable(in),
                Wire.readList(EpisodeFormat::readField, in),
                Wire.readNullable(in),
                in.readLong());
        episode.severity = Wire.readEnum(Severity.class, in);
        episode.threshold = in.readDouble();
        episode.lastHeld = in.readLong();
        episode.countedThrough = in.readLong();
        episode.measure = Wire.readNullable(in);
        episode.connections = in.readLong();
        episode.records = in.readLong();
        episode.packets = in.readLong();
        episode.bytes = in.readLong();
        episode.firstSeen = in.readLong();
        episode.lastSeen = in.readLong();
        episode.coverageGap = in.readBoolean();
        episode.guessed = in.readBoolean();
        episode.nextMultiple = in.readLong();
        episode.nextReminder = in.readLong();
        episode.collecting = in.readBoolean();
        episode.most = (int) Wire.readVarLong(in);
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            episode.distinct.put(Wire.readNullable(in), readNumbers(in));
        }
        readAmounts(episode.peaks, in);
        episode.anomaly = AlertSerializer.readAnomaly(in);
        episode.baselineSince = in.readLong();
        episode.context.putAll(AlertSerializer.readTexts(in));
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            TreeSet<String> names = new TreeSet<>(Listing.NATURAL);
            episode.listed.put(Wire.readNullable(in), names);
            names.addAll(Wire.readList(Wire::readNullable, in));
        }
        readAmounts(episode.sums, in);
        episode.notable = readNotable(in);
        episode.evidence = new ArrayList<>(Wire.readList(SAMPLES::deserialize, in));
        return episode;
    }

    private static void writeAmounts(Map<String, Long> amounts, DataOutputView out) throws IOException {
        Wire.writeVarLong(amounts.size(), out);
        for (Map.Entry<String, Long> entry : amounts.entrySet()) {
            Wire.writeNullable(entry.getKey(), out);
            out.writeLong(entry.getValue());
        }
    }

    private static void readAmounts(Map<String, Long> amounts, DataInputView in) throws IOException {
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            amounts.put(Wire.readNullable(in), in.readLong());
        }
    }

    private static void writeNotable(Notable notable, DataOutputView out) throws IOException {
        out.writeBoolean(notable != null);
        if (notable != null) {
            out.writeLong(notable.weight());
            SAMPLES.serialize(notable.sample(), out);
            Wire.writeNullable(notable.name(), out);
            Wire.writeNullable(notable.text(), out);
        }
    }

    private static Notable readNotable(DataInputView in) throws IOException {
        return in.readBoolean()
                ? new Notable(in.readLong(), SAMPLES.deserialize(in), Wire.readNullable(in), Wire.readNullable(in))
                : null;
    }

    private static void writeNumbers(Set<Long> numbers, DataOutputView out) throws IOException {
        Wire.writeVarLong(numbers.size(), out);
        for (long number : numbers) {
            out.writeLong(number);
        }
    }

    private static Set<Long> readNumbers(DataInputView in) throws IOException {
        Set<Long> numbers = new HashSet<>();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            numbers.add(in.readLong());
        }
        return numbers;
    }

    private static void writeField(EntityField field, DataOutputView out) throws IOException {
        Wire.writeNullable(field.name(), out);
        Wire.writeNullable(field.value(), out);
    }

    private static EntityField readField(DataInputView in) throws IOException {
        return new EntityField(Wire.readNullable(in), Wire.readNullable(in));
    }
}
