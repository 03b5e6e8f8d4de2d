package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.TcpFlags;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects of the formats that AWS writes, as a whole. */
class FlowLogFormatsTest {

    /** The order of the console: alphabetical. */
    private static final String V5_HEADER = "account-id action az-id bytes dstaddr dstport end flow-direction"
            + " instance-id interface-id log-status packets pkt-dst-aws-service pkt-dstaddr pkt-src-aws-service"
            + " pkt-srcaddr protocol region srcaddr srcport start sublocation-id sublocation-type subnet-id tcp-flags"
            + " traffic-path type version vpc-id";

    private static final String TGW_HEADER = "version resource-type account-id tgw-id tgw-attachment-id"
            + " tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id"
            + " tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr"
            + " dstaddr srcport dstport protocol packets bytes start end log-status type packets-lost-no-route"
            + " packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region"
            + " flow-direction pkt-src-aws-service pkt-dst-aws-service";

    private static final String TGW_RECORD = "6 TransitGateway 123456789012 tgw-0123456789abcdef0"
            + " tgw-attach-0aaaaaaaaaaaaaaa1 111111111111 222222222222 vpc-a vpc-b subnet-a subnet-b eni-a eni-b use1-az1"
            + " use1-az2 tgw-attach-0bbbbbbbbbbbbbbb2 10.20.33.164 10.40.2.236 39812 80 6 10 5000 1700000000 1700000060"
            + " OK IPv4 0 0 0 0 26 us-east-1 ingress - -";

    @Test
    void readsTheAlphabeticalHeaderOfTheConsole() {
        ParsedObject parsed = ParsedObject.of(
                V5_HEADER,
                "012345678901 ACCEPT use1-az4 471 52.95.128.179 80 1616729349 egress i-0c50d5961bcb2d47b eni-1 OK 7 S3"
                        + " 52.95.128.179 - 10.0.0.71 6 us-east-1 10.0.0.71 34210 1616729292 - - subnet-1 3 8 IPv4 5 vpc-1",
                "012345678901 - use1-az4 - - - 1616729349 - i-0c50d5961bcb2d47b eni-1 SKIPDATA - - - - - - us-east-1 - -"
                        + " 1616729292 - - subnet-1 - - - 5 vpc-1");

        FlowRecord flow = parsed.flow();
        assertThat(flow.source()).hasToString("10.0.0.71:34210");
        assertThat(flow.destination()).hasToString("52.95.128.179:80");
        assertThat(flow.flowDirection()).isEqualTo(FlowDirection.EGRESS);
        assertThat(flow.tcpFlags()).isEqualTo(3);
        assertThat(flow.packets()).isEqualTo(7);
        assertThat(flow.bytes()).isEqualTo(471);
        assertThat(flow.degraded()).isFalse();
        assertThat(flow.annotations()).isEqualTo(new Annotations(8, null, null, "S3"));
        assertThat(flow.observer())
                .isEqualTo(new Observer(
                        "vpc-1",
                        "eni-1",
                        "012345678901",
                        "us-east-1",
                        "use1-az4",
                        "vpc-1",
                        "subnet-1",
                        "i-0c50d5961bcb2d47b",
                        null,
                        "subnet-1"));
        assertThat(parsed.coverage())
                .extracting(CoverageRecord::status, CoverageRecord::observer)
                .containsExactly(tuple(CoverageRecord.Status.SKIPDATA, flow.observer()));
    }

    @Test
    void readsATransitGatewayObject() {
        FlowRecord flow = ParsedObject.of(TGW_HEADER, TGW_RECORD).flow();

        assertThat(TGW_HEADER.split(" ")).hasSize(36);
        assertThat(flow.observer().interfaceId()).isEqualTo("tgw-attach-0aaaaaaaaaaaaaaa1");
        assertThat(flow.observer().scope()).isEqualTo("tgw-0123456789abcdef0");
        assertThat(flow.observer().accountId()).isEqualTo("123456789012");
        assertThat(flow.observer().region()).isEqualTo("us-east-1");
        assertThat(flow.action()).isEqualTo(Action.ACCEPT);
        assertThat(flow.tcpFlags()).isEqualTo(TcpFlags.ABSENT);
        assertThat(flow.flowDirection()).isEqualTo(FlowDirection.INGRESS);
        assertThat(flow.source()).hasToString("10.20.33.164:39812");
        assertThat(flow.degraded()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"resource-type", "tgw-id", "tgw-attachment-id", "tgw-src-vpc-id", "packets-lost-blackhole"})
    void anyColumnThatOnlyATransitGatewayHasTellsItsLogs(String column) {
        String header = column + " srcaddr dstaddr srcport dstport protocol start end tcp-flags";

        FlowRecord flow = ParsedObject.of(header, "x 10.20.33.164 10.40.2.236 39812 80 6 5 6 26")
                .flow();

        assertThat(flow.tcpFlags()).isEqualTo(TcpFlags.ABSENT);
    }

    @Test
    void aTransitGatewayLineWithoutTrafficIsNoData() {
        String line = "6 TransitGateway 123456789012 tgw-1 tgw-attach-1 " + "- ".repeat(18)
                + "1700000000 1700000060 NODATA" + " -".repeat(10);

        ParsedObject parsed = ParsedObject.of(TGW_HEADER, line);

        assertThat(parsed.coverage())
                .extracting(coverage -> coverage.observer().interfaceId())
                .containsExactly("tgw-attach-1");
    }

    @Test
    void readsAllFieldsOfVersionEleven() {
        String header = Arrays.stream(FlowLogField.values())
                .filter(field -> field.version() != 6)
                .map(FlowLogField::awsName)
                .collect(Collectors.joining(" "));
        String record = "11 123456789012 eni-1 10.0.0.1 10.0.0.2 1024 443 6 5 300 1700000000 1700000055 REJECT OK"
                + " vpc-1 subnet-1 i-1 2 IPv4 10.0.0.1 10.0.0.2 us-east-1 use1-az4 - - AMAZON - ingress -"
                + " arn:aws:ecs:us-east-1:123456789012:cluster/c c - - abc - svc arn:1 arn:2 task EC nat-1 3"
                + " my%2Dapp - - - asg - nat_gateway eni-2 subnet-2 use1-az1 vpc-2 vpc_endpoint";

        FlowRecord flow = ParsedObject.of(header, record).flow();

        assertThat(header.split(" ")).hasSize(54);
        assertThat(flow.observer().role()).isEqualTo("my-app");
        assertThat(flow.observer().interfaceId()).isEqualTo("eni-1");
        assertThat(flow.observer().interfaceType()).isEqualTo("nat_gateway");
        assertThat(flow.annotations()).isEqualTo(new Annotations(-1, "EC", "AMAZON", null));
    }

    @ParameterizedTest(name = "{0} {1} {2} is {3}")
    @CsvSource({"web, asg, subnet-1, web", "-, my%2Dasg, subnet-1, my-asg", "-, -, subnet-1, subnet-1", "-, -, -,"})
    void theRoleIsATagElseTheSubnet(String instanceTag, String asgTag, String subnet, String role) {
        FlowRecord flow = ParsedObject.of(
                        "instance-tag asg-tag subnet-id " + ParsedObject.V2_HEADER,
                        instanceTag + " " + asgTag + " " + subnet + " " + ParsedObject.V2_RECORD)
                .flow();

        assertThat(flow.observer().role()).isEqualTo(role);
    }

    @Test
    void underscoresNameTheSameColumns() {
        ParsedObject parsed = ParsedObject.of(ParsedObject.V2_HEADER.replace('-', '_'), ParsedObject.V2_RECORD);

        assertThat(parsed.flow().observer().interfaceId()).isEqualTo("eni-0a1b2c3d4e5f60001");
    }

    @Test
    void theFirstColumnMayBeAnything() {
        ParsedObject parsed = ParsedObject.of("future-field " + ParsedObject.V2_HEADER, "x " + ParsedObject.V2_RECORD);

        assertThat(parsed.flows()).hasSize(1);
    }

    @Test
    void formatsThatSwapTwoColumnsShareNothingByMistake() {
        String swapped = ParsedObject.V2_HEADER.replace("account-id interface-id", "interface-id account-id");

        ParsedObject parsed =
                ParsedObject.of(ParsedObject.V2_HEADER, ParsedObject.V2_RECORD, swapped, ParsedObject.V2_RECORD);

        assertThat(parsed.flows())
                .extracting(flow -> flow.observer().interfaceId())
                .containsExactly("eni-0a1b2c3d4e5f60001", "012345678901");
    }
}
