package io.flowsentinel.detect;

import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** An open episode, in state. */
final class EpisodeFormat {

    private static final ContributionSerializer CONTRIBUTIONS = new ContributionSerializer();

    private EpisodeFormat() {}

    static void write(Episode episode, DataOutputView out) throws IOException {
        Wire.writeNullable(episode.findingId, out);
        Wire.writeNullable(episode.ruleId, out);
        Wire.writeNullable(episode.scope, out);
        Wire.writeList(episode.entity, EpisodeFormat::writeField, out);
        Wire.writeNullable(episode.suppressedBy, out);
        out.writeBoolean(episode.internal);
        out.writeLong(episode.day);
        Wire.writeEnum(episode.severity, out);
        out.writeDouble(episode.threshold);
        out.writeLong(episode.lastHeld);
        out.writeLong(episode.countedThrough);
        out.writeLong(episode.connections);
        out.writeLong(episode.firstSeen);
        out.writeLong(episode.lastSeen);
        out.writeBoolean(episode.coverageGap);
        out.writeLong(episode.nextMultiple);
        out.writeLong(episode.nextReminder);
        out.writeBoolean(episode.collecting);
        Wire.writeVarLong(episode.distinct.size(), out);
        for (Map.Entry<String, Set<Long>> entry : episode.distinct.entrySet()) {
            Wire.writeNullable(entry.getKey(), out);
            writeNumbers(entry.getValue(), out);
        }
        Wire.writeList(episode.evidence, CONTRIBUTIONS::serialize, out);
    }

    static Episode read(DataInputView in) throws IOException {
        Episode episode = new Episode(
                Wire.readNullable(in),
                Wire.readNullable(in),
                Wire.readNullable(in),
                Wire.readList(EpisodeFormat::readField, in),
                Wire.readNullable(in),
                in.readBoolean(),
                in.readLong());
        episode.severity = Wire.readEnum(Severity.class, in);
        episode.threshold = in.readDouble();
        episode.lastHeld = in.readLong();
        episode.countedThrough = in.readLong();
        episode.connections = in.readLong();
        episode.firstSeen = in.readLong();
        episode.lastSeen = in.readLong();
        episode.coverageGap = in.readBoolean();
        episode.nextMultiple = in.readLong();
        episode.nextReminder = in.readLong();
        episode.collecting = in.readBoolean();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            episode.distinct.put(Wire.readNullable(in), readNumbers(in));
        }
        episode.evidence = new ArrayList<>(Wire.readList(CONTRIBUTIONS::deserialize, in));
        return episode;
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
