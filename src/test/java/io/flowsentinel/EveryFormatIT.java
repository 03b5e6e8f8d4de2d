package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.local.LocalRun;
import io.flowsentinel.testing.FlowLogBucket;
import io.flowsentinel.testing.ParquetObject;
import io.flowsentinel.testing.RunOutput;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One bucket with every layout and format AWS writes, and what comes out of a run over it. */
class EveryFormatIT {

    private static final String V2 =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
    private static final String V5 =
            V2 + " vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr flow-direction traffic-path";

    /** As the console orders the fields, with one that no version has yet. */
    private static final String ALPHABETICAL = "account-id action asg-tag bytes dstaddr dstport encryption-status end"
            + " flow-direction future-field instance-tag interface-id log-status packets pkt-dstaddr pkt-srcaddr protocol"
            + " resource-id srcaddr srcport start tcp-flags version vpc-id";

    private static final String TRANSIT_GATEWAY = "version resource-type account-id tgw-id tgw-attachment-id"
            + " tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id"
            + " tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr"
            + " dstaddr srcport dstport protocol packets bytes start end log-status type packets-lost-no-route"
            + " packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region flow-direction"
            + " pkt-src-aws-service pkt-dst-aws-service";

    private static final long NOON = 1_768_478_400;
    private static final String NAME = "123456789010_vpcflowlogs_eu-west-1_fl-0123456789abcdef0_20260115T1200Z_";
    private static final String PLAIN = "AWSLogs/123456789010/vpcflowlogs/eu-west-1/2026/01/15/";
    private static final String HIVE = "AWSLogs/aws-account-id=123456789010/aws-service=vpcflowlogs/"
            + "aws-region=eu-west-1/year=2026/month=01/day=15/";

    @TempDir
    static Path folder;

    private static RunOutput output;

    @BeforeAll
    static void runOverEveryFormat() {
        FlowLogBucket bucket = new FlowLogBucket(folder.resolve("logs"));
        write(bucket, PLAIN, "01", gzip(V2 + "\n" + v2(1) + "\n"));
        write(bucket, PLAIN, "02", gzip(v2(2) + "\r\n" + v2(3)));
        write(bucket, PLAIN, "03", text(V2 + "\n" + v2(4) + "\n"));
        write(bucket, PLAIN + "12/", "04", members(V2 + "\n" + v2(5) + "\n", V2 + "\n" + v2(6)));
        write(bucket, "central/network/" + PLAIN, "05", gzip(V5 + "\n" + v5(7) + "\n"));
        write(bucket, "AWSLogs/o-a1b2c3d4e5/" + PLAIN.substring("AWSLogs/".length()), "06", gzip(V2 + "\n"));
        write(bucket, HIVE, "07", gzip(ALPHABETICAL + "\n" + alphabetical(8) + "\n"));
        write(bucket, HIVE.replace("aws-service", "service") + "hour=12/", "08", gzip(TRANSIT_GATEWAY + "\n" + tgw(9)));
        writeParquet(bucket, PLAIN, "09", ParquetObject.of(V5, v5(10), noData()));
        writeParquet(bucket, HIVE + "hour=12/", "0a", ParquetObject.of(TRANSIT_GATEWAY, tgw(11)));
        writeParquet(bucket, PLAIN, "0b", gzip(V2 + "\n" + v2(12) + "\n"));
        write(bucket, PLAIN, "0c", new byte[0]);

        int exitCode = LocalRun.execute(
                "--input", bucket.uri(), "--output", folder.resolve("out").toString(), "--quiet");

        assertThat(exitCode).isZero();
        output = new RunOutput(folder.resolve("out"));
    }

    @Test
    void everyObjectIsReadAndEveryRecordIsInItsConnection() {
        JsonNode report = output.report();
        Map<String, Long> records = new TreeMap<>();
        output.feed("connections")
                .forEach(connection -> records.merge(
                        connection.at("/dst_endpoint/ip").asText(),
                        connection.at("/unmapped/records").asLong(),
                        Long::sum));

        assertThat(report.get("objects_found").asLong()).isEqualTo(12);
        assertThat(report.get("objects_read").asLong()).isEqualTo(12);
        assertThat(report.get("objects_stray").asLong()).isZero();
        assertThat(report.get("records_quarantined").asLong()).isZero();
        assertThat(report.get("records_nodata").asLong()).isEqualTo(1);
        assertThat(records).hasSize(12).allSatisfy((host, count) -> assertThat(count)
                .isEqualTo(1));
    }

    @Test
    void aParquetRowIsALineAndItsSchemaIsNone() {
        JsonNode report = output.report();

        // Each text object has a header but for one without; one has two.
        assertThat(report.get("header_lines").asLong()).isEqualTo(9);
        assertThat(report.get("lines_read").asLong()).isEqualTo(9 + 12 + 1);
    }

    @Test
    void whatARecordSaysDoesNotDependOnItsFormat() {
        JsonNode fromText = connection(7);
        JsonNode fromParquet = connection(10);

        for (String pointer : List.of(
                "/src_endpoint/ip",
                "/src_endpoint/port",
                "/dst_endpoint/port",
                "/traffic",
                "/start_time",
                "/status_code")) {
            assertThat(fromParquet.at(pointer)).as(pointer).isEqualTo(fromText.at(pointer));
        }
        assertThat(fromParquet.at("/unmapped/flags_orig").asInt()).isEqualTo(2);
        assertThat(fromParquet.at("/unmapped/scope").asText()).isEqualTo("vpc-0a");
    }

    @Test
    void transitGatewayRecordsAreKnownByTheirColumnsInBothFormats() {
        for (int host : new int[] {9, 11}) {
            assertThat(connection(host).at("/unmapped/scope").asText()).isEqualTo("tgw-0a");
            assertThat(connection(host).at("/unmapped/flags").asText()).isEqualTo("absent");
        }
    }

    private static JsonNode connection(int host) {
        return output.feed("connections").stream()
                .filter(one -> one.at("/dst_endpoint/ip").asText().equals("10.0.0." + host))
                .findFirst()
                .orElseThrow();
    }

    private static String v2(int host) {
        return "2 123456789010 eni-0a 198.51.100.7 10.0.0." + host + " 40000 443 6 5 500 " + NOON + " " + (NOON + 50)
                + " ACCEPT OK";
    }

    private static String v5(int host) {
        return v2(host).replaceFirst("^2", "5") + " vpc-0a subnet-0a - 2 IPv4 198.51.100.7 10.0.0." + host
                + " ingress -";
    }

    private static String noData() {
        return "5 123456789010 eni-0a - - - - - - - " + NOON + " " + (NOON + 50)
                + " - NODATA vpc-0a subnet-0a - - - - - - -";
    }

    private static String alphabetical(int host) {
        return "123456789010 ACCEPT - 500 10.0.0." + host + " 443 - " + (NOON + 50)
                + " ingress whatever my%2Dapp eni-0a OK 5 10.0.0." + host
                + " 198.51.100.7 6 - 198.51.100.7 40000 " + NOON + " 2 11 vpc-0a";
    }

    private static String tgw(int host) {
        return "6 TransitGateway 123456789010 tgw-0a tgw-attach-0a 123456789010 123456789010 vpc-0a vpc-0b subnet-0a"
                + " subnet-0b eni-0a eni-0b euw1-az1 euw1-az2 tgw-attach-0b 198.51.100.7 10.0.0." + host
                + " 40000 443 6 5 500 " + NOON + " " + (NOON + 50)
                + " OK IPv4 0 0 0 0 2 eu-west-1 ingress - -";
    }

    private static void write(FlowLogBucket bucket, String layout, String hash, byte[] content) {
        bucket.write(layout + NAME + "000000" + hash + ".log.gz", content);
    }

    private static void writeParquet(FlowLogBucket bucket, String layout, String hash, byte[] content) {
        bucket.write(layout + NAME + "000000" + hash + ".log.parquet", content);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) {
        return FlowLogBucket.gzip(text);
    }

    private static byte[] members(String... texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String text : texts) {
            bytes.writeBytes(gzip(text));
        }
        return bytes.toByteArray();
    }
}
