package io.flowsentinel.parse;

import static io.flowsentinel.parse.ParsedObject.SETTINGS;
import static io.flowsentinel.parse.ParsedObject.V2_HEADER;
import static io.flowsentinel.parse.ParsedObject.V2_RECORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.model.QuarantinedLine;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.model.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowLogParserTest {

    private static final long END = 1_700_000_055;

    @Test
    void readsADefaultRecord() {
        FlowRecord flow = ParsedObject.of(V2_HEADER, V2_RECORD).flow();

        assertThat(flow.observer().scope()).isEqualTo("012345678901");
        assertThat(flow.observer().interfaceId()).isEqualTo("eni-0a1b2c3d4e5f60001");
        assertThat(flow.observer().accountId()).isEqualTo("012345678901");
        assertThat(flow.observer().vpcId()).isNull();
        assertThat(flow.observer().role()).isNull();
        assertThat(flow.source()).hasToString("198.51.100.7:40001");
        assertThat(flow.destination()).hasToString("10.1.0.9:22");
        assertThat(flow.plainSource()).isSameAs(flow.source().address());
        assertThat(flow.protocol()).isEqualTo(FlowRecord.TCP);
        assertThat(flow.packets()).isEqualTo(1);
        assertThat(flow.bytes()).isEqualTo(40);
        assertThat(flow.start()).isEqualTo(1_700_000_000);
        assertThat(flow.end()).isEqualTo(END);
        assertThat(flow.action()).isEqualTo(Action.REJECT);
        assertThat(flow.flowDirection()).isEqualTo(FlowDirection.ABSENT);
        assertThat(flow.tcpFlags()).isEqualTo(TcpFlags.ABSENT);
        assertThat(flow.degraded()).isTrue();
        assertThat(flow.ref()).isEqualTo(new RecordRef(ParsedObject.URI, 2));
    }

    @Test
    void readsIpv6() {
        FlowRecord flow = ParsedObject.of(
                        V2_HEADER,
                        "2 012345678901 eni-1 2001:db8::7 2001:0DB8:0:1::9 0 0 58 3 312 1700000010 1700000059 ACCEPT OK")
                .flow();

        assertThat(flow.source()).hasToString("[2001:db8::7]:0");
        assertThat(flow.destination()).hasToString("[2001:db8:0:1::9]:0");
        assertThat(flow.protocol()).isEqualTo(FlowRecord.ICMPV6);
    }

    @Test
    void tellsNoDataFromSkippedData() {
        ParsedObject parsed = ParsedObject.of(
                V2_HEADER,
                "2 unknown eni-2 - - - - - - - 1700000003 1700000003 - NODATA",
                "2 012345678901 eni-3 - - - - - - - 1700000000000 1700000050000 - SKIPDATA");

        assertThat(parsed.coverage())
                .extracting(
                        line -> line.observer().interfaceId(),
                        CoverageRecord::status,
                        CoverageRecord::start,
                        CoverageRecord::end)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "eni-2", CoverageRecord.Status.NODATA, 1_700_000_003L, 1_700_000_003L),
                        org.assertj.core.groups.Tuple.tuple(
                                "eni-3", CoverageRecord.Status.SKIPDATA, 1_700_000_000L, 1_700_000_050L));
        assertThat(parsed.accounts().get(Accounts.RECORDS_NODATA)).isEqualTo(1);
        assertThat(parsed.accounts().get(Accounts.RECORDS_SKIPDATA)).isEqualTo(1);
        assertThat(parsed.accounts().get(Accounts.RECORDS_OK)).isZero();
    }

    @Test
    void countsNoDataWithoutTimesAndFindsNothingElseToSay() {
        ParsedObject parsed = ParsedObject.of(V2_HEADER, "2 unknown eni-2 - - - - - - - - - - NODATA", V2_RECORD);

        assertThat(parsed.coverage()).isEmpty();
        assertThat(parsed.quarantined()).isEmpty();
        assertThat(parsed.accounts().get(Accounts.RECORDS_NODATA)).isEqualTo(1);
        assertThat(parsed.flows()).hasSize(1);
    }

    @Test
    void aNoDataLineOfWrongTimesIsQuarantined() {
        ParsedObject parsed = ParsedObject.of(V2_HEADER, "2 1 eni-2 - - - - - - - 1700000003 1700000002 - NODATA");

        assertThat(parsed.reasons()).containsExactly("end '1700000002' is not at or after start '1700000003'");
    }

    @Test
    void aLineOfHyphensIsNoDataOnlyWhereLogStatusSaysSo() {
        ParsedObject parsed = ParsedObject.of(
                V2_HEADER.replace(" log-status", ""),
                "2 1 eni-2 - - - - - - - 1700000003 1700000004 -",
                V2_RECORD.replace(" OK", ""));

        assertThat(parsed.reasons()).containsExactly("srcaddr '-' is not an IP address");
        assertThat(parsed.flows()).hasSize(1);
    }

    @Test
    void missingActionAndCountersTakeTheirDefaults() {
        FlowRecord flow = ParsedObject.of(
                        "srcaddr dstaddr srcport dstport protocol start end", "10.0.0.1 10.0.0.2 0 0 1 5 6")
                .flow();

        assertThat(flow.action()).isEqualTo(Action.ACCEPT);
        assertThat(flow.packets()).isZero();
        assertThat(flow.bytes()).isZero();
        assertThat(flow.observer().interfaceId()).isEqualTo("-");
        assertThat(flow.observer().scope()).isEqualTo("-");
        assertThat(flow.degraded()).isTrue();
    }

    @Test
    void aBlockPublicAccessRejectHasNoBytes() {
        FlowRecord flow = ParsedObject.of(V2_HEADER + " reject-reason", V2_RECORD.replace(" 40 ", " - ") + " BPA")
                .flow();

        assertThat(flow.bytes()).isZero();
        assertThat(flow.annotations().rejectReason()).isEqualTo("BPA");
    }

    @ParameterizedTest
    @CsvSource({
        "-, -1",
        "0, 0",
        "1, 1",
        "2, 2",
        "3, 3",
        "4, 4",
        "6, 6",
        "7, 7",
        "18, 18",
        "19, 19",
        "22, 22",
        "23, 23",
        "255, 255"
    })
    void flagsAreKeptAsLoggedAndAbsentIsNotZero(String logged, int flags) {
        FlowRecord flow = ParsedObject.of(V2_HEADER + " tcp-flags", V2_RECORD + " " + logged)
                .flow();

        assertThat(flow.tcpFlags()).isEqualTo(flags);
    }

    @ParameterizedTest
    @CsvSource({"-, -1", "1, 1", "8, 8", "9, 9"})
    void trafficPathIsAnOpenSet(String logged, int path) {
        FlowRecord flow = ParsedObject.of(V2_HEADER + " traffic-path", V2_RECORD + " " + logged)
                .flow();

        assertThat(flow.annotations().trafficPath()).isEqualTo(path);
    }

    @Test
    void aRegionalNatGatewayIsKnownByItsResource() {
        FlowRecord flow = ParsedObject.of(
                        "interface-id resource-id srcaddr dstaddr srcport dstport protocol start end pkt-srcaddr pkt-dstaddr",
                        "- nat-0123456789abcdef0 10.0.1.5 203.0.113.5 1024 443 6 5 6 10.0.1.5 203.0.113.5")
                .flow();

        assertThat(flow.observer().interfaceId()).isEqualTo("nat-0123456789abcdef0");
        assertThat(flow.degraded()).isFalse();
    }

    @Test
    void packetAddressesMakeTheEndpoints() {
        String header = V2_HEADER + " pkt-srcaddr pkt-dstaddr";

        ParsedObject parsed = ParsedObject.of(
                header,
                V2_RECORD + " 198.51.100.7 10.1.0.77",
                V2_RECORD + " - 10.1.0.9",
                V2_RECORD.replace("198.51.100.7 10.1.0.9", "- -") + " 198.51.100.7 10.1.0.77");

        assertThat(parsed.flows())
                .extracting(flow -> flow.destination().address().toString())
                .containsExactly("10.1.0.77", "10.1.0.9", "10.1.0.77");
        assertThat(parsed.flows()).extracting(FlowRecord::degraded).containsExactly(false, true, false);
        assertThat(parsed.flows()).extracting(FlowRecord::forwarded).containsExactly(true, false, false);
        assertThat(parsed.flows().get(2).plainSource()).isNull();
    }

    @Test
    void equalAddressesOfOneRecordAreOneInstanceHoweverSpelled() {
        FlowRecord flow = ParsedObject.of(
                        V2_HEADER + " pkt-srcaddr pkt-dstaddr",
                        V2_RECORD.replace("198.51.100.7 10.1.0.9", "2001:db8::1 2001:db8::2")
                                + " 2001:DB8:0::1 2001:db8::2")
                .flow();

        assertThat(flow.plainSource()).isSameAs(flow.source().address());
        assertThat(flow.plainDestination()).isSameAs(flow.destination().address());
        assertThat(flow.source().address()).isEqualTo(IpAddress.ipv6(0x20010db800000000L, 1));
    }

    @Test
    void observersAreShared() {
        List<FlowRecord> flows = ParsedObject.of(
                        V2_HEADER, V2_RECORD, V2_RECORD, V2_HEADER + " vpc-id", V2_RECORD + " -")
                .flows();

        assertThat(flows.get(1).observer()).isSameAs(flows.get(0).observer());
        assertThat(flows.get(2).observer()).isSameAs(flows.get(0).observer());
    }

    @Test
    void millisecondsBecomeSeconds() {
        FlowRecord flow = ParsedObject.of(
                        V2_HEADER, V2_RECORD.replace("1700000000 1700000055", "1700000000999 1700000055000"))
                .flow();

        assertThat(flow.start()).isEqualTo(1_700_000_000);
        assertThat(flow.end()).isEqualTo(END);
    }

    @Test
    void carriageReturnsBelongToTheTerminator() {
        ParsedObject parsed = ParsedObject.of(V2_HEADER + "\r", V2_RECORD + "\r");

        assertThat(parsed.flows()).hasSize(1);
    }

    @Test
    void aRepeatedHeaderIsCountedAndAnotherOneTakesOver() {
        String other = "log-status " + V2_HEADER.replace(" log-status", " new-field");

        ParsedObject parsed = ParsedObject.of(
                V2_HEADER, V2_RECORD, V2_HEADER, V2_RECORD, other, "OK " + V2_RECORD.replace(" OK", " x"));

        assertThat(parsed.accounts().get(Accounts.HEADER_LINES)).isEqualTo(3);
        assertThat(parsed.flows()).hasSize(3);
        assertThat(parsed.flows()).extracting(flow -> flow.ref().line()).containsExactly(2L, 4L, 6L);
    }

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
        ParserCaches caches = new ParserCaches(Scope.VPC, warning -> {}, new LongRecords());
        FlowLogParser parser = new FlowLogParser(SETTINGS, ParsedObject.URI, 1_700_000_100, caches);

        parser.end(77, "gzip: unexpected end", out::add);

        assertThat(out.get(0).quarantined())
                .isEqualTo(new QuarantinedLine(ParsedObject.URI, 0, "", "gzip: unexpected end", 1_700_000_100_000L));
        Accounts accounts = out.get(1).accounts();
        assertThat(accounts.get(Accounts.OBJECTS_FAILED)).isEqualTo(1);
        assertThat(accounts.get(Accounts.OBJECTS_READ)).isZero();
        assertThat(accounts.get(Accounts.RECORDS_QUARANTINED)).isZero();
        assertThat(accounts.get(Accounts.BYTES_READ)).isEqualTo(77);
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
        ParserCaches caches = new ParserCaches(Scope.VPC, warning -> {}, new LongRecords());
        FlowLogParser parser = new FlowLogParser(SETTINGS, ParsedObject.URI, FlowLogParser.NO_SLOT, caches);

        ParsedObject.read(parser, V2_HEADER, V2_RECORD, V2_RECORD.replace(" 1700000055 ", " 1700000001 "));

        assertThat(parser.latestSeconds()).isEqualTo(END);
    }

    @Test
    void anObjectWithoutRecordsHasNoLatestEnd() {
        ParserCaches caches = new ParserCaches(Scope.VPC, warning -> {}, new LongRecords());
        FlowLogParser parser = new FlowLogParser(SETTINGS, ParsedObject.URI, FlowLogParser.NO_SLOT, caches);

        assertThat(parser.latestSeconds()).isEqualTo(Long.MIN_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"VPC, vpc-1", "ACCOUNT, 123456789012", "GLOBAL, global"})
    void theScopeIsAsConfigured(Scope scope, String text) {
        ParserSettings settings = new ParserSettings(List.of(), scope, 600, Long.MIN_VALUE, Long.MAX_VALUE, 60);

        ParsedObject parsed = ParsedObject.read(
                settings,
                FlowLogParser.NO_SLOT,
                "account-id vpc-id srcaddr dstaddr srcport dstport protocol start end",
                "123456789012 vpc-1 10.0.0.1 10.0.0.2 0 0 1 5 6");

        assertThat(parsed.flow().observer().scope()).isEqualTo(text);
    }

    @Test
    void aConfiguredFormatReadsObjectsWithoutHeaderAndYieldsToAHeader() {
        ParserSettings settings = new ParserSettings(
                List.of("dstaddr", "srcaddr", "dstport", "srcport", "protocol", "start", "end", "tcp_flags"),
                Scope.VPC,
                600,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                60);

        ParsedObject parsed = ParsedObject.read(
                settings, FlowLogParser.NO_SLOT, "10.0.0.2 10.0.0.1 443 1024 6 5 6 2", V2_HEADER, V2_RECORD);

        assertThat(parsed.flows())
                .extracting(flow -> flow.destination().toString())
                .containsExactly("10.0.0.2:443", "10.1.0.9:22");
        assertThat(parsed.flows().get(0).tcpFlags()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"srcaddr,dstaddr", "srcaddr,dstaddr,srcport,dstport,protocol,start,end,end"})
    void aConfiguredFormatThatCannotWorkSaysSoBeforeTheRun(String names) {
        assertThat(ParserSettings.faultOf(List.of(names.split(",")))).contains("configured format");
        assertThat(ParserSettings.faultOf(List.of(V2_HEADER.split(" ")))).isNull();
        assertThat(ParserSettings.faultOf(List.of())).isNull();
    }
}
