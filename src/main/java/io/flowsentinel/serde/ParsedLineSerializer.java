package io.flowsentinel.serde;

import io.flowsentinel.model.ParsedLine;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What the source emits. The source and its reader share a thread, so this runs only where chaining is switched off.
 */
public final class ParsedLineSerializer extends NounSerializer<ParsedLine> {

    private static final long serialVersionUID = 1L;

    private final FlowRecordSerializer flows = new FlowRecordSerializer();
    private final CoverageRecordSerializer coverage = new CoverageRecordSerializer();
    private final QuarantinedLineSerializer quarantined = new QuarantinedLineSerializer();
    private final LateRecordSerializer late = new LateRecordSerializer();
    private final AccountsSerializer accounts = new AccountsSerializer();

    @Override
    public TypeSerializer<ParsedLine> duplicate() {
        return new ParsedLineSerializer();
    }

    @Override
    protected void write(ParsedLine line, DataOutputView out) throws IOException {
        Wire.writeEnum(line.kind(), out);
        switch (line.kind()) {
            case FLOW -> flows.write(line.flow(), out);
            case COVERAGE -> coverage.write(line.coverage(), out);
            case QUARANTINED -> quarantined.write(line.quarantined(), out);
            case LATE -> late.write(line.late(), out);
            case ACCOUNTS -> accounts.write(line.accounts(), out);
        }
    }

    @Override
    protected ParsedLine read(DataInputView in) throws IOException {
        return switch (Wire.readEnum(ParsedLine.Kind.class, in)) {
            case FLOW -> ParsedLine.of(flows.read(in));
            case COVERAGE -> ParsedLine.of(coverage.read(in));
            case QUARANTINED -> ParsedLine.of(quarantined.read(in));
            case LATE -> ParsedLine.of(late.read(in));
            case ACCOUNTS -> ParsedLine.of(accounts.read(in));
        };
    }

    @Override
    public TypeSerializerSnapshot<ParsedLine> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<ParsedLine> {
        public Snapshot() {
            super(ParsedLineSerializer::new, 1);
        }
    }
}
