package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import org.junit.jupiter.api.Test;

/**
 * The records AWS prints as examples, in the form AWS writes: the pages wrap lines, merge records and leave out hyphens.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html">Flow log record
 *     examples</a>
 */
class AwsExamplesTest {

    private static final String FLAGS_HEADER =
            "version vpc-id subnet-id instance-id interface-id account-id type srcaddr"
                    + " dstaddr srcport dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags"
                    + " log-status";
    private static final String FLAGS_START = "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456"
            + " eni-1235b8ca123456789 123456789010 IPv4 ";

    @Test
    void acceptedRejectedAndIpv6() {
        ParsedObject parsed = ParsedObject.of(
                ParsedObject.V2_HEADER,
                "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070"
                        + " ACCEPT OK",
                "2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010 1418530070"
                        + " REJECT OK",
                "2 123456789010 eni-1235b8ca123456789 2001:db8:1234:a100:8d6e:3477:df66:f105"
                        + " 2001:db8:1234:a102:3304:8879:34cf:4071 34892 22 6 54 8855 1477913708 1477913820 ACCEPT OK");

        assertThat(parsed.flows())
                .extracting(FlowRecord::action, flow -> flow.source().toString())
                .containsExactly(
                        tuple(Action.ACCEPT, "172.31.16.139:20641"),
                        tuple(Action.REJECT, "172.31.9.69:49761"),
                        tuple(Action.ACCEPT, "[2001:db8:1234:a100:8d6e:3477:df66:f105]:34892"));
    }

    @Test
    void noDataAndSkippedRecords() {
        ParsedObject parsed = ParsedObject.of(
                ParsedObject.V2_HEADER,
                "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA",
                "2 123456789010 eni-111111111aaaaaaaaa - - - - - - - 1431280876 1431280934 - SKIPDATA");

        assertThat(parsed.coverage())
                .extracting(CoverageRecord::status, line -> line.observer().interfaceId(), CoverageRecord::end)
                .containsExactly(
                        tuple(CoverageRecord.Status.NODATA, "eni-1235b8ca123456789", 1_431_280_934L),
                        tuple(CoverageRecord.Status.SKIPDATA, "eni-111111111aaaaaaaaa", 1_431_280_934L));
    }

    @Test
    void whatThePagePrintsWronglyIsQuarantined() {
        ParsedObject parsed = ParsedObject.of(
                ParsedObject.V2_HEADER,
                "2 123456789010 eni-1235b8ca123456789 - - - - - 1431280876 1431280934 - NODATA",
                "2 123456789010 eni-1235b8ca123456789 2001:db8:1234:a100:8d6e:3477:df66:f105",
                "2 123456789010 eni-1235b8ca123456789 ::1 ::2 34892 22 6 54 8855 1477913708 1477913820 ACCEPT 0K");

        assertThat(parsed.reasons())
                .containsExactly(
                        "12 fields, expected 14",
                        "4 fields, expected 14",
                        "log-status '0K' is not OK, NODATA or SKIPDATA");
    }

    @Test
    void theSequenceOfFlags() {
        ParsedObject parsed = ParsedObject.of(
                FLAGS_HEADER,
                FLAGS_START + "52.213.180.42 10.0.0.62 43416 5001 52.213.180.42 10.0.0.62 6 568 8 1566848875 1566848933"
                        + " ACCEPT 2 OK",
                FLAGS_START + "10.0.0.62 52.213.180.42 5001 43416 10.0.0.62 52.213.180.42 6 376 7 1566848875 1566848933"
                        + " ACCEPT 18 OK",
                FLAGS_START + "52.213.180.42 10.0.0.62 43418 5001 52.213.180.42 10.0.0.62 6 23294588 15774 1566848933"
                        + " 1566849113 ACCEPT 1 OK");

        assertThat(parsed.flows())
                .extracting(FlowRecord::tcpFlags, FlowRecord::bytes, FlowRecord::packets, FlowRecord::degraded)
                .containsExactly(
                        tuple(2, 568L, 8L, false), tuple(18, 376L, 7L, false), tuple(1, 23_294_588L, 15_774L, false));
        assertThat(parsed.flows()).extracting(FlowRecord::key).hasSize(3);
        assertThat(parsed.flows().get(0).key()).isEqualTo(parsed.flows().get(1).key());
    }

    @Test
    void throughATransitGateway() {
        String header = "version interface-id account-id vpc-id subnet-id instance-id srcaddr dstaddr srcport dstport"
                + " protocol tcp-flags type pkt-srcaddr pkt-dstaddr action log-status start end";

        ParsedObject parsed = ParsedObject.of(
                header,
                "3 eni-111111111111111 123456789010 vpc-abcdefab012345678 subnet-11111111111aaaaaaaaa - 10.40.1.175"
                        + " 10.40.2.236 39812 80 6 3 IPv4 10.20.33.164 10.40.2.236 ACCEPT OK 1566848875 1566848933",
                "3 eni-22222222222222 123456789010 vpc-abcdefab012345678 subnet-22222222bbbbbbbbb - 10.40.2.236"
                        + " 10.40.2.31 80 39812 6 19 IPv4 10.40.2.236 10.20.33.164 ACCEPT OK 1566848875 1566848933");

        assertThat(parsed.flows()).extracting(FlowRecord::forwarded).containsOnly(true);
        assertThat(parsed.flows()).extracting(FlowRecord::degraded).containsOnly(false);
        assertThat(parsed.flows().get(0).key()).isEqualTo(parsed.flows().get(1).key());
    }

    @Test
    void serviceTrafficPathAndDirection() {
        String header =
                "version srcaddr dstaddr srcport dstport protocol start end type packets bytes account-id vpc-id"
                        + " subnet-id instance-id interface-id region az-id sublocation-type sublocation-id action tcp-flags"
                        + " pkt-srcaddr pkt-dstaddr pkt-src-aws-service pkt-dst-aws-service traffic-path flow-direction"
                        + " log-status";
        String where = " 123456789012 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b"
                + " eni-1235b8ca123456789 ap-southeast-2 apse2-az3 - - ACCEPT ";

        ParsedObject parsed = ParsedObject.of(
                header,
                "5 52.95.128.179 10.0.0.71 80 34210 6 1616729292 1616729349 IPv4 14 15044" + where
                        + "19 52.95.128.179 10.0.0.71 S3 - - ingress OK",
                "5 10.0.0.71 52.95.128.179 34210 80 6 1616729292 1616729349 IPv4 7 471" + where
                        + "3 10.0.0.71 52.95.128.179 - S3 8 egress OK");

        assertThat(parsed.flows())
                .extracting(
                        FlowRecord::flowDirection,
                        flow -> flow.annotations().trafficPath(),
                        flow -> flow.annotations().sourceService(),
                        flow -> flow.annotations().destinationService())
                .containsExactly(
                        tuple(FlowDirection.INGRESS, -1, "S3", null), tuple(FlowDirection.EGRESS, 8, null, "S3"));
    }
}
