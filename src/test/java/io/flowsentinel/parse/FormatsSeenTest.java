package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FormatsSeenTest {

    private final List<Set<String>> formats = new ArrayList<>();
    private final ParserCaches caches =
            new ParserCaches(Scope.VPC, warning -> {}, (object, fields) -> formats.add(fields));

    @Test
    void eachSetOfFieldsIsToldOnceHoweverItsColumnsStand() {
        read(ParsedObject.V2_HEADER, ParsedObject.V2_RECORD, ParsedObject.V2_RECORD);
        read(ParsedObject.V2_HEADER + " tcp-flags", ParsedObject.V2_RECORD + " 2");
        read("tcp-flags " + ParsedObject.V2_HEADER, "2 " + ParsedObject.V2_RECORD);
        read(ParsedObject.V2_HEADER + " of-tomorrow", ParsedObject.V2_RECORD + " x");

        assertThat(formats).hasSize(2);
        assertThat(formats.get(0)).containsExactly(ParsedObject.V2_HEADER.split(" "));
        assertThat(formats.get(1)).contains("tcp-flags");
    }

    @Test
    void linesWithoutHeaderHaveTheDefaultFormat() {
        read(ParsedObject.V2_RECORD);

        assertThat(formats).singleElement().isEqualTo(Set.of(ParsedObject.V2_HEADER.split(" ")));
    }

    @Test
    void aFormatThatNoUsableRecordComesFromIsNotTold() {
        read("version account-id srcaddr", "2 123456789012 10.0.0.1");

        assertThat(formats).isEmpty();
    }

    private void read(String... lines) {
        ParsedObject.read(
                new FlowLogParser(ParsedObject.SETTINGS, ParsedObject.URI, FlowLogParser.NO_SLOT, caches), lines);
    }
}
