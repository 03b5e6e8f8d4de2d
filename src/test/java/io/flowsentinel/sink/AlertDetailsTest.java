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
                "responders | 56 | vpc-1 | responders 56 >= 50 (internal)",
                "responders | 56 |       | responders 56 >= 25 (external)",
                "ports      | 30 | vpc-1 | ports 30",
                "udp_ports  | 25 |       | udp_ports 25 >= 25 (external)",
                "answered   | 56 | vpc-1 | answered 56"
            })
    void aNumberOfAScanStandsBesideTheThresholdOfItsOriginator(String name, int value, String scope, String text)
            throws IOException {
        String ofScope = scope == null ? "" : "'scope':'" + scope + "',";

        assertThat(details("{'unmapped':{" + ofScope + "'numbers':{'" + name + "':" + value + "}," + SCAN + "}}"))
                .contains("    numbers: " + text, "    thresholds: external 25, internal 50");
    }

    @Test
    void otherNumbersStandBesideTheThresholdOfTheirName() throws IOException {
        assertThat(details("{'unmapped':{'numbers':{'connections':70,'peers':12,'share':0},"
                        + "'thresholds':{'peers':10,'share':0.5}}}"))
                .contains("    numbers: connections 70, peers 12 >= 10, share 0");
    }

    @ParameterizedTest
    @CsvSource({"6, TCP", "17, UDP", "1, ICMP", "58, ICMPv6", "47, protocol 47"})
    void aConnectionNamesItsProtocol(int number, String name) throws IOException {
        assertThat(details("{'evidences':[{'src_endpoint':{'ip':'10.0.0.1','port':5},"
                        + "'dst_endpoint':{'ip':'10.0.0.2','port':22},'connection_info':{'protocol_num':" + number
                        + "},'data':{'start_time':0}}]}"))
                .containsExactly("    connection: 1970-01-01T00:00:00Z 10.0.0.1:5 > 10.0.0.2:22 " + name);
    }

    private static List<String> details(String json) throws IOException {
        return AlertDetails.of(new ObjectMapper().readTree(json.replace('\'', '"')));
    }
}
