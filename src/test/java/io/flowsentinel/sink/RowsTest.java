package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.model.LateRecord;
import io.flowsentinel.model.QuarantinedLine;
import io.flowsentinel.model.RecordRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FeedEncoder<QuarantinedLine> quarantine = new QuarantineRow();
    private final FeedEncoder<LateRecord> late = new LateRow();

    @Test
    void aQuarantinedLineIsQuotedAsText() throws IOException {
        JsonNode row = quarantined("2 \"quoted\"\tand \u00c3\u00a9");

        assertThat(row)
                .isEqualTo(
                        JSON.readTree(
                                """
                {"object":"file:/x.log","line_number":7,"line":"2 \\"quoted\\"\\tand \u00e9","reason":"too few fields",
                 "time":1566848700000}
                """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00ff\u00fe", "bell \u0007", "\u001b[2J", "half a letter \u00c3", "\u00c2\u0085"})
    void whatIsNotTextIsKeptInBase64(String line) throws IOException {
        JsonNode row = quarantined(line);

        assertThat(row.has("line")).isFalse();
        assertThat(Base64.getDecoder().decode(row.path("line_base64").asText()))
                .isEqualTo(line.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aFaultOfTheObjectHasLineZeroAndNoText() throws IOException {
        QuarantinedLine fault = new QuarantinedLine("file:/x.log.gz", 0, "", "unexpected end of gzip", 0);

        JsonNode row = held(Feed.QUARANTINE, quarantine.value(fault));

        assertThat(row.path("line_number").asInt()).isZero();
        assertThat(row.path("line").asText()).isEmpty();
    }

    @Test
    void aLateRecordSaysHowLate() throws IOException {
        LateRecord record = new LateRecord(new RecordRef("file:/x.log", 3), "2 123 eni-1", 60_000);

        JsonNode row = held(Feed.LATE, late.value(record));

        assertThat(row)
                .isEqualTo(
                        JSON.readTree(
                                """
                {"object":"file:/x.log","line_number":3,"record":"2 123 eni-1","late_by_ms":60000}
                """));
        assertThat(late.key(record)).asString().isEqualTo("file:/x.log");
    }

    private JsonNode quarantined(String line) throws IOException {
        return held(
                Feed.QUARANTINE,
                quarantine.value(new QuarantinedLine("file:/x.log", 7, line, "too few fields", 1_566_848_700_000L)));
    }

    private static JsonNode held(Feed feed, byte[] value) throws IOException {
        assertThat(FeedSchemas.faults(feed, new String(value, StandardCharsets.UTF_8)))
                .isEmpty();
        return JSON.readTree(value);
    }
}
