package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.local.LocalRun;
import io.flowsentinel.testing.ConnectionInvariants;
import io.flowsentinel.testing.FlowLogBucket;
import io.flowsentinel.testing.RunOutput;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AWS's own example records, through real gzip objects and the whole job, as its users run it. */
class GoldenCasesIT {

    private static final String FLAG_SEQUENCE_HEADER =
            "version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport dstport"
                    + " pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status";
    private static final String DEFAULT_FORMAT =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end"
                    + " action log-status";
    private static final String FLAG_SEQUENCE = "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456"
            + " eni-1235b8ca123456789 123456789010 IPv4 ";

    @TempDir
    static Path folder;

    private static RunOutput output;

    @BeforeAll
    static void runOverAllExamples() {
        FlowLogBucket bucket = new FlowLogBucket(folder.resolve("logs"));
        publishFlagSequence(bucket);
        publishTransitGateway(bucket);
        publishTransitGatewayWithoutPacketAddresses(bucket);
        publishServiceNames(bucket);
        publishSsh(bucket);
        publishDefaultFormat(bucket);
        publishNatGateway(bucket);
        publishNoDataAndSkipData(bucket);
        Path out = folder.resolve("out");

        int exitCode = LocalRun.execute("--input", bucket.uri(), "--output", out.toString(), "--quiet");

        assertThat(exitCode).isZero();
        output = new RunOutput(out);
    }

    private static void publishFlagSequence(FlowLogBucket bucket) {
        bucket.publish(
                1_566_848_933,
                List.of(
                        FLAG_SEQUENCE_HEADER,
                        FLAG_SEQUENCE
                                + "52.213.180.42 10.0.0.62 43416 5001 52.213.180.42 10.0.0.62 6 568 8 1566848875 1566848933 ACCEPT 2 OK",
                        FLAG_SEQUENCE
                                + "10.0.0.62 52.213.180.42 5001 43416 10.0.0.62 52.213.180.42 6 376 7 1566848875 1566848933 ACCEPT 18 OK",
                        FLAG_SEQUENCE
                                + "52.213.180.42 10.0.0.62 43418 5001 52.213.180.42 10.0.0.62 6 100701 70 1566848875 1566848933 ACCEPT 2 OK",
                        FLAG_SEQUENCE
                                + "10.0.0.62 52.213.180.42 5001 43418 10.0.0.62 52.213.180.42 6 632 12 1566848875 1566848933 ACCEPT 18 OK"));
        bucket.publish(
                1_566_849_113,
                List.of(
                        FLAG_SEQUENCE_HEADER,
                        FLAG_SEQUENCE
                                + "10.0.0.62 52.213.180.42 5001 43418 10.0.0.62 52.213.180.42 6 63388 1219 1566848933 1566849113 ACCEPT 1 OK",
                        FLAG_SEQUENCE
                                + "52.213.180.42 10.0.0.62 43418 5001 52.213.180.42 10.0.0.62 6 23294588 15774 1566848933 1566849113 ACCEPT 1 OK"));
        bucket.publish(
                1_566_933_193,
                List.of(
                        FLAG_SEQUENCE_HEADER,
                        FLAG_SEQUENCE
                                + "52.213.180.42 10.0.0.62 43638 5001 52.213.180.42 10.0.0.62 6 1260 17 1566933133 1566933193 ACCEPT 3 OK",
                        FLAG_SEQUENCE
                                + "10.0.0.62 52.213.180.42 5001 43638 10.0.0.62 52.213.180.42 6 967 14 1566933133 1566933193 ACCEPT 19 OK"));
    }

    private static void publishTransitGateway(FlowLogBucket bucket) {
        bucket.publish(
                1_600_000_060,
                List.of(
                        "version interface-id account-id vpc-id subnet-id instance-id srcaddr dstaddr srcport dstport protocol"
                                + " tcp-flags type pkt-srcaddr pkt-dstaddr action log-status packets bytes start end",
                        "3 eni-111111111111111 123456789010 vpc-abcdefab012345678 subnet-11111111111aaaaaaaaa - 10.40.1.175"
                                + " 10.40.2.236 39812 80 6 3 IPv4 10.20.33.164 10.40.2.236 ACCEPT OK 10 1000 1600000000 1600000050",
                        "3 eni-22222222222222 123456789010 vpc-abcdefab012345678 subnet-22222222bbbbbbbbb - 10.40.2.236"
                                + " 10.40.2.31 80 39812 6 19 IPv4 10.40.2.236 10.20.33.164 ACCEPT OK 9 900 1600000000 1600000050"));
    }

    private static void publishTransitGatewayWithoutPacketAddresses(FlowLogBucket bucket) {
        bucket.publish(
                1_600_000_060,
                List.of(
                        "version interface-id account-id vpc-id subnet-id instance-id srcaddr dstaddr srcport dstport protocol"
                                + " tcp-flags type action log-status packets bytes start end",
                        "3 eni-111111111111111 123456789010 vpc-abcdefab012345678 subnet-11111111111aaaaaaaaa - 10.40.1.175"
                                + " 10.40.2.236 39812 80 6 3 IPv4 ACCEPT OK 10 1000 1600000000 1600000050",
                        "3 eni-22222222222222 123456789010 vpc-abcdefab012345678 subnet-22222222bbbbbbbbb - 10.40.2.236"
                                + " 10.40.2.31 80 39812 6 19 IPv4 ACCEPT OK 9 900 1600000000 1600000050"));
    }

    private static void publishServiceNames(FlowLogBucket bucket) {
        bucket.publish(
                1_616_729_349,
                List.of(
                        "version srcaddr dstaddr srcport dstport protocol start end type packets bytes account-id vpc-id"
                                + " subnet-id instance-id interface-id region az-id sublocation-type sublocation-id action"
                                + " tcp-flags pkt-srcaddr pkt-dstaddr pkt-src-aws-service pkt-dst-aws-service traffic-path"
                                + " flow-direction log-status",
                        "5 52.95.128.179 10.0.0.71 80 34210 6 1616729292 1616729349 IPv4 14 15044 123456789012"
                                + " vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b eni-1235b8ca123456789"
                                + " ap-southeast-2 apse2-az3 - - ACCEPT 19 52.95.128.179 10.0.0.71 S3 - - ingress OK",
                        "5 10.0.0.71 52.95.128.179 34210 80 6 1616729292 1616729349 IPv4 7 471 123456789012"
                                + " vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b eni-1235b8ca123456789"
                                + " ap-southeast-2 apse2-az3 - - ACCEPT 3 10.0.0.71 52.95.128.179 - S3 8 egress OK"));
    }

    private static void publishSsh(FlowLogBucket bucket) {
        bucket.publish(
                1_566_328_672,
                List.of(
                        "version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport dstport"
                                + " pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status",
                        "3 vpc-1 subnet-1 i-1 eni-08 480000000093 IPv4 172.31.22.145 90.90.0.200 22 62897 172.31.22.145"
                                + " 90.90.0.200 6 5225 24 1566328660 1566328672 ACCEPT 18 OK",
                        "3 vpc-1 subnet-1 i-1 eni-08 480000000093 IPv4 90.90.0.200 172.31.22.145 62897 22 90.90.0.200"
                                + " 172.31.22.145 6 4877 29 1566328660 1566328672 ACCEPT 2 OK"));
    }

    private static void publishDefaultFormat(FlowLogBucket bucket) {
        bucket.publish(
                1_432_917_142,
                List.of(
                        DEFAULT_FORMAT,
                        "2 123456789010 eni-1235b8ca123456789 203.0.113.12 172.31.16.139 0 0 1 4 336 1432917027 1432917142 ACCEPT OK",
                        "2 123456789010 eni-1235b8ca123456789 172.31.16.139 203.0.113.12 0 0 1 4 336 1432917094 1432917142 REJECT OK"));
        bucket.publish(
                1_418_530_070,
                List.of(
                        DEFAULT_FORMAT,
                        "2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010 1418530070 REJECT OK"));
    }

    private static void publishNatGateway(FlowLogBucket bucket) {
        String rest = " 6 3 300 1500000000 1500000050 ACCEPT OK";
        bucket.publish(
                1_500_000_050,
                List.of(
                        "instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport tcp-flags protocol"
                                + " packets bytes start end action log-status",
                        "- eni-nat 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5 40000 443 3" + rest,
                        "- eni-nat 10.0.0.220 203.0.113.5 10.0.0.220 203.0.113.5 50000 443 3" + rest,
                        "- eni-nat 203.0.113.5 10.0.0.220 203.0.113.5 10.0.0.220 443 50000 19" + rest,
                        "- eni-nat 10.0.0.220 10.0.1.5 203.0.113.5 10.0.1.5 443 40000 19" + rest,
                        "i-01234567890123456 eni-1111aaaa2222bbbb3 10.0.1.5 203.0.113.5 10.0.1.5 203.0.113.5 40000 443 3"
                                + rest,
                        "i-01234567890123456 eni-1111aaaa2222bbbb3 203.0.113.5 10.0.1.5 203.0.113.5 10.0.1.5 443 40000 19"
                                + rest));
    }

    /** As AWS writes them, with seven dashes, and as its guide prints them, with five. */
    private static void publishNoDataAndSkipData(FlowLogBucket bucket) {
        bucket.publish(
                1_431_280_934,
                List.of(
                        DEFAULT_FORMAT,
                        "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA",
                        "2 123456789010 eni-111111111aaaaaaaaa - - - - - - - 1431280876 1431280934 - SKIPDATA",
                        "2 123456789010 eni-1235b8ca123456789 - - - - - 1431280876 1431280934 - NODATA",
                        "2 123456789010 eni-111111111aaaaaaaaa - - - - - 1431280876 1431280934 - SKIPDATA"));
    }

    @Test
    void aConnectionOverTwoWindowsIsOneConnection() {
        JsonNode connection = only(43418);

        assertThat(connection.at("/status_code").asText()).isEqualTo("SF");
        assertThat(connection.at("/start_time").asLong()).isEqualTo(1_566_848_875_000L);
        assertThat(connection.at("/end_time").asLong()).isEqualTo(1_566_849_113_000L);
        assertThat(connection.at("/traffic/bytes_out").asLong()).isEqualTo(23_395_289);
        assertThat(connection.at("/traffic/bytes_in").asLong()).isEqualTo(64_020);
    }

    @Test
    void anEstablishedConnectionWithoutCloseIsS1() {
        JsonNode connection = only(43416);

        assertThat(connection.at("/status_code").asText()).isEqualTo("S1");
        assertThat(connection.at("/connection_info/community_uid").asText())
                .isEqualTo("1:HQ1oJYZ+9SJOoeju7badiLfvwls=");
    }

    @Test
    void aConnectionWithinOneWindowIsSf() {
        assertThat(only(43638).at("/status_code").asText()).isEqualTo("SF");
    }

    @Test
    void requestAndResponseAtTwoTransitGatewayInterfacesAreOneConnection() {
        JsonNode connection = only("10.20.33.164", 39812);

        assertThat(connection.at("/status_code").asText()).isEqualTo("SF");
        assertThat(connection.at("/dst_endpoint/ip").asText()).isEqualTo("10.40.2.236");
        assertThat(connection.at("/src_endpoint/intermediate_ips")).hasToString("[\"10.40.1.175\",\"10.40.2.31\"]");
        assertThat(connection.at("/unmapped/key_quality").asText()).isEqualTo("full");
        assertThat(connection.at("/connection_info/community_uid").asText())
                .isEqualTo("1:ws7yjpq1Xp9e30feJWxuPgfVePc=");
    }

    @Test
    void withoutPacketAddressesTheSameAreTwoDegradedHalves() {
        JsonNode request = only("10.40.1.175", 39812);
        JsonNode response = only("10.40.2.31", 39812);

        assertThat(request.at("/status_code").asText()).isEqualTo("SH");
        assertThat(response.at("/status_code").asText()).isEqualTo("SHR");
        assertThat(List.of(request, response)).allSatisfy(half -> {
            assertThat(half.at("/dst_endpoint/ip").asText()).isEqualTo("10.40.2.236");
            assertThat(half.at("/dst_endpoint/port").asInt()).isEqualTo(80);
            assertThat(half.at("/unmapped/key_quality").asText()).isEqualTo("degraded");
        });
    }

    @Test
    void theOriginatorOfTheS3CallIsTheSecondLine() {
        JsonNode connection = only(34210);

        assertThat(connection.at("/status_code").asText()).isEqualTo("SF");
        assertThat(connection.at("/src_endpoint/ip").asText()).isEqualTo("10.0.0.71");
        assertThat(connection.at("/dst_endpoint/ip").asText()).isEqualTo("52.95.128.179");
        assertThat(connection.at("/dst_endpoint/svc_name").asText()).isEqualTo("S3");
    }

    @Test
    void theLaptopOpenedTheSshConnectionAlthoughTheAnswerIsListedFirst() {
        JsonNode connection = only(62897);

        assertThat(connection.at("/status_code").asText()).isEqualTo("S1");
        assertThat(connection.at("/src_endpoint/ip").asText()).isEqualTo("90.90.0.200");
    }

    @Test
    void aPingWhoseReplyTheNetworkAclDeniedIsOneConnection() {
        List<JsonNode> pings = connections().stream()
                .filter(connection ->
                        connection.at("/connection_info/protocol_num").asInt() == 1)
                .toList();

        assertThat(pings).hasSize(1);
        assertThat(pings.get(0).at("/unmapped/verdict").asText()).isEqualTo("reply_denied");
        assertThat(pings.get(0).at("/connection_info").has("community_uid")).isFalse();
    }

    @Test
    void aRejectedRecordWithoutFlagsIsDeniedAndOth() {
        JsonNode connection = only(49761);

        assertThat(connection.at("/status_code").asText()).isEqualTo("OTH");
        assertThat(connection.at("/unmapped/verdict").asText()).isEqualTo("denied");
        assertThat(connection.at("/unmapped/flags").asText()).isEqualTo("absent");
    }

    @Test
    void aNatGatewayGivesAnInnerAndATranslatedConnection() {
        JsonNode inner = only(40000);
        JsonNode translated = only(50000);

        assertThat(inner.at("/src_endpoint/ip").asText()).isEqualTo("10.0.1.5");
        assertThat(inner.at("/dst_endpoint/ip").asText()).isEqualTo("203.0.113.5");
        assertThat(inner.at("/traffic/packets").asLong()).isEqualTo(6);
        assertThat(inner.at("/unmapped/records").asInt()).isEqualTo(4);
        assertThat(translated.at("/src_endpoint/ip").asText()).isEqualTo("10.0.0.220");
        assertThat(translated.at("/dst_endpoint/ip").asText()).isEqualTo("203.0.113.5");
        assertThat(translated.at("/unmapped/records").asInt()).isEqualTo(2);
    }

    @Test
    void theAccountsAddUp() {
        JsonNode report = output.report();

        assertThat(report.get("records_ok").asLong()).isEqualTo(25);
        assertThat(report.get("header_lines").asLong()).isEqualTo(11);
        assertThat(report.get("connections").asLong()).isEqualTo(12);
        assertThat(report.get("records_nodata").asLong()).isEqualTo(1);
        assertThat(report.get("records_skipdata").asLong()).isEqualTo(1);
        assertThat(report.get("records_quarantined").asLong()).isEqualTo(2);
        assertThat(report.get("records_late").asLong()).isZero();
        ConnectionInvariants.of(output.connections()).hold().accountFor(report);
    }

    @Test
    void whatTheGuideMisprintsIsQuarantinedWithItsReason() {
        assertThat(output.feed("quarantine"))
                .extracting(row -> row.get("line_number").asInt(), row -> row.get("reason")
                        .asText())
                .containsExactlyInAnyOrder(tuple(4, "12 fields, expected 14"), tuple(5, "12 fields, expected 14"));
    }

    private static List<JsonNode> connections() {
        return output.feed("connections");
    }

    /** The one connection with this port on the originator's side. */
    private static JsonNode only(int originatorPort) {
        return only("", originatorPort);
    }

    /** The one connection that an address starting like this opened from this port. */
    private static JsonNode only(String originator, int originatorPort) {
        List<JsonNode> found = connections().stream()
                .filter(connection -> connection.at("/src_endpoint/ip").asText().startsWith(originator))
                .filter(connection -> connection.at("/src_endpoint/port").asInt() == originatorPort)
                .toList();
        assertThat(found)
                .as("connections from " + originator + ":" + originatorPort)
                .hasSize(1);
        return found.get(0);
    }
}
