package io.flowsentinel.parse;

import static io.flowsentinel.parse.ParsedObject.SETTINGS;
import static io.flowsentinel.parse.ParsedObject.V2_HEADER;
import static io.flowsentinel.parse.ParsedObject.V2_RECORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.model.QuarantinedLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lateness, the range of a run, and the accounts of an object. */
class ObjectAccountsTest {

    private static final long END = 1_700_000_055;

    @Test
    void anEmptyObjectHasNoLines() {
        Accounts accounts = ParsedObject.of().accounts();

        assertThat(accounts.get(Accounts.OBJECTS_READ)).isEqualTo(1);
        assertThat(accounts.get(Accounts.LINES_READ)).isZero();
        assertThat(accounts.get(Accounts.BYTES_READ)).isEqualTo(1000);
    }

    @Test
    void aHeaderAloneIsALine() {
        Accounts accounts = ParsedObject.of(V2_HEADER).accounts();

        assertThat(accounts.get(Accounts.LINES_READ)).isEqualTo(1);
        assertThat(accounts.get(Accounts.HEADER_LINES)).isEqualTo(1);
    }

    @Test
    void aFaultOfTheObjectIsOneQuarantineRowThatIsNoLine() {
        List<ParsedLine> out = new ArrayList<>();
        FlowLogParser parser = parser(1_700_000_100);

        parser.end("gzip: unexpected end", 0, out::add);

        assertThat(out.get(0).quarantined())
                .isEqualTo(new QuarantinedLine(ParsedObject.URI, 0, "", "gzip: unexpected end", 1_700_000_100_000L));
        assertThat(out.get(1).accounts().amounts()).isEqualTo(Map.of(Accounts.OBJECTS_FAILED, 1L));
    }

    @Test
    void anObjectThatTookSeveralAttemptsIsOneRetriedObject() {
        List<ParsedLine> out = new ArrayList<>();
        FlowLogParser parser = parser(FlowLogParser.NO_SLOT);

        parser.end(null, 3, out::add);

        assertThat(out).hasSize(1);
        assertThat(out.get(0).accounts().amounts())
                .isEqualTo(Map.of(Accounts.OBJECTS_READ, 1L, Accounts.OBJECTS_RETRIED, 1L));
    }

    @Test
    void anAccountIsOfTheLinesSinceTheLastOne() {
        List<ParsedLine> out = new ArrayList<>();
        FlowLogParser parser = parser(FlowLogParser.NO_SLOT);

        line(parser, V2_HEADER, 1, out);
        line(parser, V2_RECORD, 2, out);
        parser.account(70, out::add);
        line(parser, "garbage", 3, out);
        parser.account(0, out::add);
        parser.account(0, out::add);
        parser.account(5, out::add);

        assertThat(out)
                .filteredOn(line -> line.accounts() != null)
                .extracting(line -> line.accounts().amounts())
                .containsExactly(
                        Map.of(
                                Accounts.BYTES_READ, 70L,
                                Accounts.LINES_READ, 2L,
                                Accounts.HEADER_LINES, 1L,
                                Accounts.RECORDS_OK, 1L),
                        Map.of(Accounts.LINES_READ, 1L, Accounts.RECORDS_QUARANTINED, 1L),
                        Map.of(Accounts.BYTES_READ, 5L));
    }

    @Test
    void aRecordThatEndsBeforeTheSlotMinusTheDelayIsLate() {
        ParsedObject onTime = ParsedObject.read(SETTINGS, END + 600, V2_HEADER, V2_RECORD);
        ParsedObject late = ParsedObject.read(SETTINGS, END + 601, V2_HEADER, V2_RECORD);

        assertThat(onTime.flows()).hasSize(1);
        assertThat(onTime.late()).isEmpty();
        assertThat(late.flows()).isEmpty();
        assertThat(late.late()).hasSize(1);
        assertThat(late.late().get(0).line()).isEqualTo(V2_RECORD);
        assertThat(late.late().get(0).lateByMillis()).isEqualTo(1000);
        assertThat(late.late().get(0).ref().line()).isEqualTo(2);
        assertThat(late.accounts().get(Accounts.RECORDS_OK)).isEqualTo(1);
        assertThat(late.accounts().get(Accounts.RECORDS_LATE)).isEqualTo(1);
    }

    @Test
    void aLateLineIsCutAsAQuarantinedOneIs() {
        ParsedObject late =
                ParsedObject.read(SETTINGS, END + 601, V2_HEADER + " future-field", V2_RECORD + " " + "x".repeat(9000));

        assertThat(late.late().get(0).line()).hasSize(QuarantinedLine.MAX_BYTES).startsWith(V2_RECORD);
    }

    @Test
    void whatEndsOutsideTheRangeIsNoPartOfTheRun() {
        ParserSettings range = new ParserSettings(List.of(), Scope.VPC, 600, END, END + 1, 60);

        ParsedObject parsed = ParsedObject.read(
                range,
                FlowLogParser.NO_SLOT,
                V2_HEADER,
                V2_RECORD,
                V2_RECORD.replace(" 1700000055 ", " 1700000054 "),
                V2_RECORD.replace(" 1700000055 ", " 1700000056 "),
                "2 1 eni-2 - - - - - - - 1700000000 1700000056 - SKIPDATA",
                "garbage");

        assertThat(parsed.flows()).hasSize(1);
        assertThat(parsed.coverage()).isEmpty();
        assertThat(parsed.accounts().get(Accounts.LINES_READ)).isEqualTo(3);
        assertThat(parsed.accounts().get(Accounts.RECORDS_QUARANTINED)).isEqualTo(1);
    }

    @Test
    void remembersTheLatestEnd() {
        FlowLogParser parser = parser(FlowLogParser.NO_SLOT);

        ParsedObject.read(parser, V2_HEADER, V2_RECORD, V2_RECORD.replace(" 1700000055 ", " 1700000001 "));

        assertThat(parser.latestSeconds()).isEqualTo(END);
    }

    @Test
    void anObjectWithoutRecordsHasNoLatestEnd() {
        FlowLogParser parser = parser(FlowLogParser.NO_SLOT);

        assertThat(parser.latestSeconds()).isEqualTo(Long.MIN_VALUE);
    }

    private static FlowLogParser parser(long slotSeconds) {
        ParserCaches caches = new ParserCaches(Scope.VPC, warning -> {}, new LongRecords(), new MissingFlags());
        return new FlowLogParser(SETTINGS, ParsedObject.URI, slotSeconds, caches);
    }

    private static void line(FlowLogParser parser, String line, long number, List<ParsedLine> out) {
        byte[] buffer = line.getBytes(StandardCharsets.UTF_8);
        parser.line(buffer, 0, buffer.length, number, out::add);
    }
}
