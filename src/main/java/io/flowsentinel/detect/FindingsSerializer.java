package io.flowsentinel.detect;

import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Findings, in state. */
public final class FindingsSerializer extends StateSerializer<Findings> {

    private static final long serialVersionUID = 1L;

    @Override
    void write(Findings value, DataOutputView out) throws IOException {
        writeEpisodes(value.episodes, out);
        writeEpisodes(value.closedDays, out);
    }

    @Override
    Findings read(DataInputView in) throws IOException {
        Findings findings = new Findings();
        readEpisodes(findings.episodes, in);
        readEpisodes(findings.closedDays, in);
        return findings;
    }

    @Override
    public Findings copy(Findings from) {
        return from.copy();
    }

    private static void writeEpisodes(Map<String, Episode> episodes, DataOutputView out) throws IOException {
        Wire.writeVarLong(episodes.size(), out);
        for (Map.Entry<String, Episode> episode : episodes.entrySet()) {
            Wire.writeNullable(episode.getKey(), out);
            EpisodeFormat.write(episode.getValue(), out);
        }
    }

    private static void readEpisodes(Map<String, Episode> episodes, DataInputView in) throws IOException {
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            episodes.put(Wire.readNullable(in), EpisodeFormat.read(in));
        }
    }

    @Override
    public TypeSerializerSnapshot<Findings> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Version 1 of the snapshot. */
    public static final class Snapshot extends FormatSnapshot<Findings> {
        public Snapshot() {
            super(FindingsSerializer::new, 2);
        }
    }
}
