package io.flowsentinel;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.LateRecord;
import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.model.QuarantinedLine;
import io.flowsentinel.serde.Nouns;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Sends each line where its kind belongs: usable records down the main path, the rest to named side outputs. */
final class AcceptFlows extends ProcessFunction<ParsedLine, FlowRecord> {

    private static final long serialVersionUID = 1L;

    /** SKIPDATA lines: they say where a connection may have lost records. */
    static final OutputTag<CoverageRecord> SKIPPED = new OutputTag<>("skipped", Nouns.COVERAGE_RECORD);

    /** SKIPDATA and NODATA lines: they say that an interface is watched, and how well. */
    static final OutputTag<CoverageRecord> COVERAGE = new OutputTag<>("coverage", Nouns.COVERAGE_RECORD);

    static final OutputTag<QuarantinedLine> QUARANTINED = new OutputTag<>("quarantined", Nouns.QUARANTINED_LINE);
    static final OutputTag<LateRecord> LATE = new OutputTag<>("late", Nouns.LATE_RECORD);
    static final OutputTag<Accounts> ACCOUNTS = new OutputTag<>("accounts", Nouns.ACCOUNTS);

    @Override
    public void processElement(ParsedLine line, Context context, Collector<FlowRecord> out) {
        switch (line.kind()) {
            case FLOW -> out.collect(line.flow());
            case COVERAGE -> coverage(line.coverage(), context);
            case QUARANTINED -> context.output(QUARANTINED, line.quarantined());
            case LATE -> context.output(LATE, line.late());
            case ACCOUNTS -> context.output(ACCOUNTS, line.accounts());
        }
    }

    private static void coverage(CoverageRecord coverage, Context context) {
        context.output(COVERAGE, coverage);
        if (coverage.status() == CoverageRecord.Status.SKIPDATA) {
            context.output(SKIPPED, coverage);
        }
    }
}
