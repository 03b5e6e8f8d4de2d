package io.flowsentinel.parse;

import static io.flowsentinel.parse.ParsedObject.V2_HEADER;
import static io.flowsentinel.parse.ParsedObject.V2_RECORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.model.TcpFlags;
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
    void aRecordOfNoInterfaceIsDegradedWhateverItsAddresses() {
        FlowRecord flow = ParsedObject.of(
                        "interface-id srcaddr dstaddr srcport dstport protocol start end pkt-srcaddr pkt-dstaddr",
                        "- 10.0.1.5 203.0.113.5 1024 443 6 5 6 10.0.1.5 203.0.113.5")
                .flow();

        assertThat(flow.observer().interfaceId()).isEqualTo("-");
        assertThat(flow.degraded()).isTrue();
    }

    @Test
    void theInterfaceCountsBeforeItsResource() {
        FlowRecord flow = ParsedObject.of(V2_HEADER + " resource-id", V2_RECORD + " nat-1")
                .flow();

        assertThat(flow.observer().interfaceId()).isEqualTo("eni-0a1b2c3d4e5f60001");
    }

    @Test
    void anAbsentPacketAddressOfEitherSideMakesTheKeyDegraded() {
        String header = V2_HEADER + " pkt-srcaddr pkt-dstaddr";

        ParsedObject parsed = ParsedObject.of(
                header, V2_RECORD + " 198.51.100.7 -", V2_RECORD + " - 10.1.0.9", V2_RECORD + " 198.51.100.7 10.1.0.9");

        assertThat(parsed.flows()).extracting(FlowRecord::degraded).containsExactly(true, true, false);
    }

    @Test
    void anAbsentLogStatusIsOkAndARecordMayEndWhenItStarts() {
        FlowRecord flow = ParsedObject.of(
                        V2_HEADER, V2_RECORD.replace(" OK", " -").replace("1700000055", "1700000000"))
                .flow();

        assertThat(flow.start()).isEqualTo(flow.end());
    }

    @Test
    void theLargestNumberOf31BitsIsSecondsAndTheNextIsMilliseconds() {
        ParsedObject parsed = ParsedObject.of(
                V2_HEADER,
                V2_RECORD.replace("1700000055", "2147483647"),
                V2_RECORD.replace("1700000000 1700000055", "5 2147483648"));

        assertThat(parsed.flows()).extracting(FlowRecord::end).containsExactly(2_147_483_647L, 2_147_483L);
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
    void aCarriageReturnIsAByteOfTheLineLikeAnyOther() {
        ParsedObject parsed = ParsedObject.of(V2_HEADER, V2_RECORD + "\r");

        assertThat(parsed.flows()).isEmpty();
        assertThat(parsed.quarantined()).singleElement().satisfies(line -> {
            assertThat(line.line()).isEqualTo(V2_RECORD + "\r");
            assertThat(line.reason()).startsWith("log-status 'OK");
        });
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

    @ParameterizedTest
    @CsvSource({
        "VPC, 123456789012, vpc-1, vpc-1",
        "VPC, 123456789012, -, 123456789012",
        "VPC, -, -, -",
        "ACCOUNT, 123456789012, vpc-1, 123456789012",
        "ACCOUNT, -, vpc-1, -",
        "GLOBAL, 123456789012, vpc-1, global",
        "GLOBAL, -, -, global"
    })
    void theScopeIsAsConfigured(Scope scope, String account, String vpc, String text) {
        ParserSettings settings = new ParserSettings(List.of(), scope, 600, Long.MIN_VALUE, Long.MAX_VALUE, 60);

        ParsedObject parsed = ParsedObject.read(
                settings,
                FlowLogParser.NO_SLOT,
                "account-id vpc-id srcaddr dstaddr srcport dstport protocol start end",
                account + " " + vpc + " 10.0.0.1 10.0.0.2 0 0 1 5 6");

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

    @Test
    void absentCountsAndActionsAreToldFromZeroAndAccept() {
        String header = "interface-id srcaddr dstaddr srcport dstport protocol start end packets bytes action";
        String tuple = "eni-1 10.0.0.1 10.0.0.2 40001 443 6 1700000000 1700000055 ";

        ParsedObject parsed = ParsedObject.of(header, tuple + "0 0 ACCEPT", tuple + "- 0 ACCEPT", tuple + "0 - -");

        assertThat(parsed.flows())
                .extracting(FlowRecord::absentFields)
                .containsExactly(0, FlowRecord.NO_PACKETS, FlowRecord.NO_BYTES | FlowRecord.NO_ACTION);
        assertThat(parsed.flows()).allMatch(flow -> flow.accepted() && flow.packets() == 0 && flow.bytes() == 0);
    }

    @Test
    void aMissingColumnIsAbsentInEveryRecord() {
        FlowRecord flow = ParsedObject.of(
                        "interface-id srcaddr dstaddr srcport dstport protocol start end",
                        "eni-1 10.0.0.1 10.0.0.2 40001 443 6 1700000000 1700000055")
                .flow();

        assertThat(flow.absentFields()).isEqualTo(FlowRecord.NO_PACKETS | FlowRecord.NO_BYTES | FlowRecord.NO_ACTION);
    }
}
