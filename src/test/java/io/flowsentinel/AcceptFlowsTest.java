package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.LateRecord;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.model.QuarantinedLine;
import io.flowsentinel.model.RecordRef;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

class AcceptFlowsTest {

    private static final RecordRef REF = new RecordRef("s3://logs/object.log.gz", 7);
    private static final Observer OBSERVER =
            new Observer("vpc-1", "eni-1", null, null, null, "vpc-1", null, null, null, null);
    private static final Endpoint END = new Endpoint(IpAddress.ipv4(1), 0);

    @Test
    void everyKindOfLineGoesItsWayAndWhatHadNoTrafficEndsHere() throws Exception {
        FlowRecord flow = new FlowRecord(
                OBSERVER,
                FlowRecord.ICMP,
                END,
                END,
                END.address(),
                END.address(),
                Action.ACCEPT,
                FlowDirection.ABSENT,
                -1,
                1,
                40,
                5,
                6,
                Annotations.NONE,
                0,
                REF);
        CoverageRecord noData = new CoverageRecord(OBSERVER, CoverageRecord.Status.NODATA, 5, 6, REF);
        CoverageRecord skipped = new CoverageRecord(OBSERVER, CoverageRecord.Status.SKIPDATA, 5, 6, REF);
        QuarantinedLine quarantined = new QuarantinedLine(REF.object(), REF.line(), "0K", "no record", 0);
        LateRecord late = new LateRecord(REF, "2 - -", 1_000);
        Accounts accounts = Accounts.of(Accounts.LINES_READ, 6);

        try (var harness = ProcessFunctionTestHarnesses.forProcessFunction(new AcceptFlows())) {
            for (ParsedLine line : new ParsedLine[] {
                ParsedLine.of(flow),
                ParsedLine.of(noData),
                ParsedLine.of(skipped),
                ParsedLine.of(quarantined),
                ParsedLine.of(late),
                ParsedLine.of(accounts)
            }) {
                harness.processElement(new StreamRecord<>(line));
            }

            assertThat(harness.extractOutputValues()).containsExactly(flow);
            assertThat(side(harness, AcceptFlows.SKIPPED)).containsExactly(skipped);
            assertThat(side(harness, AcceptFlows.QUARANTINED)).containsExactly(quarantined);
            assertThat(side(harness, AcceptFlows.LATE)).containsExactly(late);
            assertThat(side(harness, AcceptFlows.ACCOUNTS)).containsExactly(accounts);
        }
    }

    private static <T> List<T> side(
            OneInputStreamOperatorTestHarness<ParsedLine, FlowRecord> harness, OutputTag<T> tag) {
        return harness.getSideOutput(tag).stream().map(StreamRecord::getValue).toList();
    }
}
