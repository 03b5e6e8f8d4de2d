package io.flowsentinel.detect;

import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** An open episode, in state. */
final class EpisodeFormat {

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
        Wire.writeVarLong(episode.distinct.size(), out);
        for (Map.Entry<String, Set<Long>> entry : episode.distinct.entrySet()) {
            Wire.writeNullable(entry.getKey(), out);
            WatchedSerializer.writeNumbers(entry.getValue(), out);
        }
        WatchedSerializer.writeContributions(episode.evidence, out);
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
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            episode.distinct.put(Wire.readNullable(in), WatchedSerializer.readNumbers(in));
        }
        episode.evidence = WatchedSerializer.readContributions(in);
        return episode;
    }

    private static void writeField(EntityField field, DataOutputView out) throws IOException {
        Wire.writeNullable(field.name(), out);
        Wire.writeNullable(field.value(), out);
    }

    private static EntityField readField(DataInputView in) throws IOException {
        return new EntityField(Wire.readNullable(in), Wire.readNullable(in));
    }
}
