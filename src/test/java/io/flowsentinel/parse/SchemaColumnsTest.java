package io.flowsentinel.parse;

import static io.flowsentinel.parse.ParsedObject.SETTINGS;
import static io.flowsentinel.parse.ParsedObject.V2_HEADER;
import static io.flowsentinel.parse.ParsedObject.V2_RECORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Accounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Objects whose own schema names their columns. */
class SchemaColumnsTest {

    private static final String V2_SCHEMA = V2_HEADER.replace('-', '_');

    @Test
    void theColumnsOfTheSchemaAreReadAndAreNoHeaderLine() {
        ParsedObject parsed = read(V2_SCHEMA, V2_RECORD);

        assertThat(parsed.flow().observer().interfaceId()).isEqualTo("eni-0a1b2c3d4e5f60001");
        assertThat(parsed.flow().ref().line()).isEqualTo(1);
        assertThat(parsed.accounts().get(Accounts.LINES_READ)).isEqualTo(1);
        assertThat(parsed.accounts().get(Accounts.HEADER_LINES)).isZero();
    }

    @Test
    void theSchemaGoesBeforeAConfiguredFormat() {
        List<String> reversed = new ArrayList<>(List.of(V2_HEADER.split(" ")));
        Collections.reverse(reversed);
        ParserSettings settings = new ParserSettings(reversed, Scope.VPC, 600, Long.MIN_VALUE, Long.MAX_VALUE, 60);

        ParsedObject parsed = read(settings, V2_SCHEMA, V2_RECORD);

        assertThat(parsed.flows()).hasSize(1);
    }

    @Test
    void aRowThatLooksLikeAHeaderIsARow() {
        ParsedObject parsed = read(V2_SCHEMA, V2_HEADER, V2_RECORD);

        assertThat(parsed.accounts().get(Accounts.HEADER_LINES)).isZero();
        assertThat(parsed.accounts().get(Accounts.RECORDS_QUARANTINED)).isEqualTo(1);
        assertThat(parsed.flows()).hasSize(1);
    }

    @Test
    void aColumnNamedTwiceQuarantinesEveryRow() {
        ParsedObject parsed = read(V2_SCHEMA.replace("bytes", "srcport"), V2_RECORD, V2_RECORD);

        assertThat(parsed.reasons()).hasSize(2).containsOnly("column 'srcport' is named twice in the schema");
    }

    @Test
    void aSchemaWithoutWhatARecordNeedsQuarantinesEveryRowAndSaysWhatIsMissing() {
        ParsedObject parsed = read("interface_id srcaddr dstaddr", "eni-1 10.0.1.5 10.0.0.220");

        assertThat(parsed.reasons()).containsExactly("the schema has no column srcport, dstport, protocol, start, end");
    }

    private static ParsedObject read(String schema, String... lines) {
        return read(SETTINGS, schema, lines);
    }

    private static ParsedObject read(ParserSettings settings, String schema, String... lines) {
        ParserCaches caches = new ParserCaches(Scope.VPC, warning -> {}, new LongRecords(), new MissingFlags());
        FlowLogParser parser = new FlowLogParser(settings, ParsedObject.URI, FlowLogParser.NO_SLOT, caches);
        parser.columns(List.of(schema.split(" ")));
        return ParsedObject.read(parser, lines);
    }
}
