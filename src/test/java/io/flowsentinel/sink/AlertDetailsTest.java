package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertDetailsTest {

    private static final String SCAN = "'thresholds':{'external':25,'internal':50}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "responders | 56 | internal | responders 56 >= 50 (internal)",
                "responders | 56 | external | responders 56 >= 25 (external)",
                "ports      | 30 | internal | ports 30",
                "udp_ports  | 25 | external | udp_ports 25 >= 25 (external)",
                "answered   | 56 | internal | answered 56"
            })
    void aNumberOfAScanStandsBesideTheThresholdOfItsOriginator(String name, int value, String whose, String text)
            throws IOException {
        String context = "'context':{'originator':'" + whose + "'},";

        assertThat(details("{'unmapped':{" + context + "'numbers':{'" + name + "':" + value + "}," + SCAN + "}}"))
                .contains("    numbers: " + text, "    thresholds: external 25, internal 50");
    }

    @Test
    void otherNumbersStandBesideTheThresholdOfTheirName() throws IOException {
        assertThat(details("{'unmapped':{'numbers':{'connections':70,'peers':12,'share':0},"
                        + "'thresholds':{'peers':10,'share':0.5}}}"))
                .contains("    numbers: connections 70, peers 12 >= 10, share 0");
    }

    @Test
    void aThresholdOfARateStandsBesideTheRate() throws IOException {
        assertThat(details("{'unmapped':{'numbers':{'packets':1520762,'packets_per_second':25346,'bits_per_second':7},"
                        + "'thresholds':{'packets':20000,'bits':1000000000}}}"))
                .contains("    numbers: packets 1520762, packets_per_second 25346 >= 20000, bits_per_second 7");
    }

    @ParameterizedTest
    @CsvSource({"6, TCP", "17, UDP", "1, ICMP", "58, ICMPv6", "47, protocol 47"})
    void aConnectionNamesItsProtocol(int number, String name) throws IOException {
        assertThat(details("{'evidences':[{'uid':'0f','src_endpoint':{'ip':'10.0.0.1','port':5},"
                        + "'dst_endpoint':{'ip':'10.0.0.2','port':22},'connection_info':{'protocol_num':" + number
                        + "},'data':{'start_time':0,'duration':2000,"
                        + "'traffic':{'packets_out':1,'bytes_out':60,'packets_in':12,'bytes_in':1499}}}]}"))
                .contains("    connection: 1970-01-01T00:00:00Z +2s 10.0.0.1:5 > 10.0.0.2:22 " + name
                        + ", out 1 packet 60 B, in 12 packets 1.5 kB, 0f");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'scope':'vpc-1' | ''",
                "'scope':'vpc-2' | ', scope vpc-1'",
                "'coverage_gap':false | ', scope vpc-1'"
            })
    void aScopeIsToldWhereItIsNotThatOfTheAlert(String ofAlert, String text) throws IOException {
        String connection = "{'uid':'0f','src_endpoint':{'ip':'10.0.0.1','port':5},"
                + "'dst_endpoint':{'ip':'10.0.0.2','port':22},'connection_info':{'protocol_num':6},"
                + "'data':{'scope':'vpc-1','start_time':0,'duration':0,'traffic':{'packets_out':1,'bytes_out':60,"
                + "'packets_in':0,'bytes_in':0}}}";

        assertThat(details("{'evidences':[" + connection + "],'unmapped':{" + ofAlert + "}}"))
                .contains("    connection: 1970-01-01T00:00:00Z +0s 10.0.0.1:5 > 10.0.0.2:22 TCP"
                        + ", out 1 packet 60 B, in 0 packets 0 B" + text + ", 0f");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"50 | 40000 | 0 | 0 | out 50 packets 40.0 kB", "0 | 0 | 1 | 84 | in 1 packet 84 B"})
    void aRecordTellsOfTheDirectionThatWasLoggedOnly(
            long packetsOut, long bytesOut, long packetsIn, long bytesIn, String text) throws IOException {
        String ocsf = "{'evidences':[{'src_endpoint':{'ip':'10.0.0.1','port':5},"
                + "'dst_endpoint':{'ip':'10.0.0.2','port':22},'connection_info':{'protocol_num':17},"
                + "'data':{'start_time':0,'duration':60000,'traffic':{'packets_out':%d,'bytes_out':%d,"
                        .formatted(packetsOut, bytesOut)
                + "'packets_in':%d,'bytes_in':%d}}}]}".formatted(packetsIn, bytesIn);
        String ecs = "{'@timestamp':'1970-01-01T00:10:00Z','flow_sentinel':{'evidence':[{"
                + "'start':'1970-01-01T00:00:00Z','end':'1970-01-01T00:01:00Z','protocol':17,"
                + "'originator':{'ip':'10.0.0.1','port':5,'packets':%d,'bytes':%d},".formatted(packetsOut, bytesOut)
                + "'responder':{'ip':'10.0.0.2','port':22,'packets':%d,'bytes':%d}}]}}".formatted(packetsIn, bytesIn);
        String line = "    record of traffic: 1970-01-01T00:00:00Z +60s 10.0.0.1:5 > 10.0.0.2:22 UDP, " + text;

        assertThat(details(ocsf)).contains(line);
        assertThat(details(ecs)).contains(line);
    }

    @Test
    void eitherSchemaTellsTheSame() throws IOException {
        List<String> ocsf = details(AlertFormat.OCSF);

        assertThat(ocsf)
                .containsExactly(
                        "    to do: Look at what the originator reached afterwards.",
                        "    finding: 00000000000000000000000000000abc",
                        "    where: account 123456789010, region eu-west-1, scope vpc-1",
                        "    when: 2019-08-26T19:47:55Z to 2019-08-26T19:48:20Z",
                        "    confidence: medium",
                        "    ATT&CK: T1046 Network Service Discovery, T1499.001 OS Exhaustion Flood",
                        "    numbers: ports 31",
                        "    thresholds: external 25, ratio 0.05",
                        "    connection: 2019-08-26T19:47:55Z +62s 52.213.180.42:43418 > 10.0.0.62:22 (i-1) TCP S0 denied,"
                                + " out 3 packets 180 B, in 0 packets 0 B, 0123456789abcdef0123456789abcdef",
                        "    record: s3://logs/AWSLogs/123456789010/vpcflowlogs/eu-west-1/2019/08/26/"
                                + "123456789010_vpcflowlogs_eu-west-1_fl-1234abcd_20190826T1945Z_0123abcd.log.gz line 2");
        assertThat(details(AlertFormat.ECS)).isEqualTo(ocsf);
    }

    private static List<String> details(AlertFormat format) throws IOException {
        byte[] value = new Encoders(format, Samples.TEN).alerts().value(Samples.alert());
        return AlertDetails.of(new ObjectMapper().readTree(value));
    }

    private static List<String> details(String json) throws IOException {
        return AlertDetails.of(new ObjectMapper().readTree(json.replace('\'', '"')));
    }
}
