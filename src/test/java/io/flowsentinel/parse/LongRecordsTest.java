package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LongRecordsTest {

    private final LongRecords longRecords = new LongRecords();
    private final List<String> warnings = new ArrayList<>();

    @Test
    void aRecordOfTheIntervalAndTheSlackIsNotLong() {
        read(record(120));

        assertThat(longRecords.count()).isZero();
        assertThat(warnings).isEmpty();
    }

    @Test
    void longerRecordsAreCountedAndOneWarningNamesTheRemedy() {
        read(record(121), record(600), record(600));

        assertThat(longRecords.count()).isEqualTo(3);
        assertThat(warnings)
                .containsExactly(ParsedObject.URI
                        + " line 2: the record spans 121 s, too long for time.aggregation-interval 60 s: set it to the"
                        + " interval of the flow logs (600s for ten minutes), or connections may be split");
    }

    private void read(String... records) {
        ParserCaches caches = new ParserCaches(Scope.VPC, warnings::add, longRecords, new MissingFlags());
        List<String> lines = new ArrayList<>(List.of(records));
        lines.add(0, ParsedObject.V2_HEADER + " tcp-flags");
        ParsedObject.read(
                new FlowLogParser(ParsedObject.SETTINGS, ParsedObject.URI, FlowLogParser.NO_SLOT, caches),
                lines.toArray(String[]::new));
    }

    private static String record(int seconds) {
        return ParsedObject.V2_RECORD.replace("1700000055", Long.toString(1_700_000_000L + seconds)) + " 2";
    }
}
