package io.flowsentinel.parse;

import static io.flowsentinel.parse.ParsedObject.V2_HEADER;
import static io.flowsentinel.parse.ParsedObject.V2_RECORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.QuarantinedLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuarantineReasonsTest {

    private static final String COLUMNS = "srcaddr dstaddr srcport dstport protocol packets bytes start end action"
            + " log-status flow-direction tcp-flags traffic-path pkt-srcaddr pkt-dstaddr";
    private static final String RECORD =
            "10.0.0.1 10.0.0.2 1024 443 6 5 300 1700000000 1700000055 ACCEPT OK egress 3 8 10.0.0.1 10.0.0.2";

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "srcaddr 10.0.0.256 | srcaddr '10.0.0.256' is not an IP address",
                "dstaddr example.com | dstaddr 'example.com' is not an IP address",
                "pkt-srcaddr 10.0.0.01 | pkt-srcaddr '10.0.0.01' is not an IP address",
                "pkt-dstaddr :: 1 | 17 fields, expected 16",
                "pkt-dstaddr 2001:db8::1 | pkt-dstaddr '2001:db8::1' is not of the address family of pkt-srcaddr '10.0.0.1'",
                "srcport 65536 | srcport '65536' is not a port from 0 to 65535",
                "srcport - | srcport '-' is not a port from 0 to 65535",
                "dstport abc | dstport 'abc' is not a port from 0 to 65535",
                "dstport -1 | dstport '-1' is not a port from 0 to 65535",
                "protocol 256 | protocol '256' is not a protocol from 0 to 255",
                "protocol - | protocol '-' is not a protocol from 0 to 255",
                "protocol tcp | protocol 'tcp' is not a protocol from 0 to 255",
                "packets -5 | packets '-5' is not a count from 0 to 9223372036854775807",
                "bytes 9223372036854775808 | bytes '9223372036854775808' is not a count from 0 to 9223372036854775807",
                "bytes 1.5 | bytes '1.5' is not a count from 0 to 9223372036854775807",
                "start - | start '-' is not a time in epoch seconds",
                "end - | end '-' is not a time in epoch seconds",
                "end 2023-11-14T22:13:20Z | end '2023-11-14T22:13:20Z' is not a time in epoch seconds",
                "end 99999999999999999 | end '99999999999999999' is not a time in epoch seconds",
                "end 1699999999 | end '1699999999' is not at or after start '1700000000'",
                "action DENY | action 'DENY' is not ACCEPT or REJECT",
                "action accept | action 'accept' is not ACCEPT or REJECT",
                "log-status 0K | log-status '0K' is not OK, NODATA or SKIPDATA",
                "flow-direction inbound | flow-direction 'inbound' is not ingress or egress",
                "tcp-flags SYN | tcp-flags 'SYN' is not a set of TCP flags",
                "tcp-flags -1 | tcp-flags '-1' is not a set of TCP flags",
                "traffic-path x | traffic-path 'x' is not a number"
            })
    void namesTheFieldTheValueAndWhatWasExpected(String change, String reason) {
        String line = with(change.split(" ", 2)[0], change.split(" ", 2)[1]);

        ParsedObject parsed = ParsedObject.of(COLUMNS, RECORD, line);

        assertThat(parsed.reasons()).containsExactly(reason);
        assertThat(parsed.flows()).hasSize(1);
        assertThat(parsed.quarantined().get(0).line()).isEqualTo(line);
        assertThat(parsed.quarantined().get(0).lineNumber()).isEqualTo(3);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "2 1 eni-1 - - - - - 1431280876 1431280934 - NODATA | 12 fields, expected 14",
                "2 1 eni-1  - - - - - - - 1431280876 1431280934 - NODATA | 15 fields, expected 14",
                "hello | 1 field, expected 14",
                "end | 1 field, expected 14"
            })
    void countsTheFieldsOfALineThatHasTooFewOrTooMany(String line, String reason) {
        assertThat(ParsedObject.of(V2_HEADER, line).reasons()).containsExactly(reason);
    }

    @Test
    void everySpaceSeparates() {
        ParsedObject parsed =
                ParsedObject.of(V2_HEADER, " " + V2_RECORD, V2_RECORD + " ", V2_RECORD.replace(" 22 ", "\t22 "));

        assertThat(parsed.reasons())
                .containsExactly("15 fields, expected 14", "15 fields, expected 14", "13 fields, expected 14");
    }

    @Test
    void anEmptyLineIsALine() {
        ParsedObject parsed = ParsedObject.of(V2_HEADER, "");

        assertThat(parsed.reasons()).containsExactly("empty line");
        assertThat(parsed.quarantined()).extracting(QuarantinedLine::line).containsOnly("");
        assertThat(parsed.accounts().get(Accounts.LINES_READ)).isEqualTo(2);
    }

    @Test
    void aColumnNamedTwiceQuarantinesEveryLine() {
        ParsedObject parsed =
                ParsedObject.of(V2_HEADER.replace("bytes", "src_port").replace("srcport", "src-port"), V2_RECORD);

        assertThat(parsed.reasons()).containsExactly("column 'src-port' is named twice in the header");
    }

    @Test
    void aHeaderWithoutWhatARecordNeedsQuarantinesEveryLineAndSaysWhatIsMissing() {
        ParsedObject parsed = ParsedObject.of(
                "instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr",
                "- eni-1 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5");

        assertThat(parsed.reasons()).containsExactly("the header has no column srcport, dstport, protocol, start, end");
    }

    @Test
    void withoutAHeaderOnlyFourteenFieldsAreReadable() {
        ParsedObject parsed = ParsedObject.of("hello", V2_RECORD, V2_RECORD + " more");

        assertThat(parsed.reasons()).containsExactly("no header", "no header");
        assertThat(parsed.flows()).hasSize(1);
    }

    @Test
    void theLineIsKeptByteForByteUpToEightKibibytes() {
        byte[] bytes = new byte[20_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }

        QuarantinedLine row = quarantined(bytes);

        assertThat(row.line()).hasSize(QuarantinedLine.MAX_BYTES);
        assertThat(row.line().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(Arrays.copyOf(bytes, 8192));
    }

    @Test
    void aLineAtTheLimitIsRefusedForItsLength() {
        byte[] bytes = new byte[FlowLogParser.MAX_LINE_BYTES];
        Arrays.fill(bytes, (byte) ' ');

        assertThat(quarantined(bytes).reason()).isEqualTo("line of 1048576 bytes or more, longer than any record");
    }

    @Test
    void aLongValueIsCutInTheReason() {
        ParsedObject parsed = ParsedObject.of(COLUMNS, with("dstport", "9".repeat(100)));

        assertThat(parsed.reasons())
                .containsExactly("dstport '" + "9".repeat(64) + "...' is not a port from 0 to 65535");
    }

    private static QuarantinedLine quarantined(byte[] line) {
        ParserCaches caches = new ParserCaches(Scope.VPC, warning -> {}, new LongRecords(), new MissingFlags());
        List<QuarantinedLine> rows = new ArrayList<>();
        new FlowLogParser(ParsedObject.SETTINGS, ParsedObject.URI, 1_700_000_100, caches)
                .line(line, 0, line.length, 1, parsed -> rows.add(parsed.quarantined()));
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).timeMillis()).isEqualTo(1_700_000_100_000L);
        return rows.get(0);
    }

    private static String with(String column, String value) {
        List<String> names = List.of(COLUMNS.split(" "));
        List<String> values = new ArrayList<>(List.of(RECORD.split(" ")));
        values.set(names.indexOf(column), value);
        return String.join(" ", values);
    }
}
