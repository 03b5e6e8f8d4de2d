package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MissingFlagsTest {

    private final List<String> warnings = new ArrayList<>();

    @Test
    void tcpRecordsOfTheDefaultFormatAreWarnedOfOnce() {
        read(ParsedObject.V2_HEADER, ParsedObject.V2_RECORD, ParsedObject.V2_RECORD);

        assertThat(warnings).singleElement().asString().contains("no tcp-flags").startsWith(ParsedObject.URI);
    }

    @Test
    void aFormatWithFlagsIsFineWhateverARecordHolds() {
        read(ParsedObject.V2_HEADER + " tcp-flags", ParsedObject.V2_RECORD + " -", ParsedObject.V2_RECORD + " 2");

        assertThat(warnings).isEmpty();
    }

    private void read(String... lines) {
        ParserCaches caches = new ParserCaches(Scope.VPC, warnings::add, new LongRecords(), new MissingFlags());
        ParsedObject.read(
                new FlowLogParser(ParsedObject.SETTINGS, ParsedObject.URI, FlowLogParser.NO_SLOT, caches), lines);
    }
}
