package io.flowsentinel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to hold for every connection can be broken. */
class ConnectionInvariantsTest {

    private static final String SF =
            """
            {"class_uid":4001,"activity_id":2,"start_time":1000,"end_time":3000,"duration":2000,"status_code":"SF",\
            "action_id":1,"disposition_id":1,"is_src_dst_assignment_known":true,\
            "src_endpoint":{"ip":"10.0.0.1","port":40001},"dst_endpoint":{"ip":"10.0.0.2","port":443},\
            "connection_info":{"uid":"00000000000000000000000000000001","protocol_num":6},\
            "traffic":{"bytes_out":5,"packets_out":1,"bytes_in":7,"packets_in":1,"bytes":12,"packets":2},\
            "unmapped":{"event":"close","verdict":"allowed","reject_reason":null,"direction_evidence":"syn",\
            "flags":"present","flags_orig":3,"flags_resp":19,"end_reason":"closed","missed_close":false,\
            "crossed_syn":false,"syn_records":1,"midstream":false,"one_sided":false,"coverage_gap":false,\
            "multi_connection_suspected":false,"simultaneous_open":false,"unsolicited_synack":false,\
            "key_quality":"full","records":2,"observers":["eni-1"],"continuation_of":null,"scope":"vpc-1"}}""";

    @Test
    void theyHoldForAWholeConnection() {
        ConnectionInvariants.of(List.of(ConnectionRow.of(SF)))
                .hold()
                .accountFor(4, 1, 1)
                .areAsManyAs(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"end_time\":3000|\"end_time\":500",
                "\"duration\":2000|\"duration\":1",
                "\"end_reason\":\"closed\"|\"end_reason\":null",
                "\"end_reason\":\"closed\"|\"end_reason\":\"idle\"",
                "\"missed_close\":false|\"missed_close\":true",
                "\"flags_orig\":3|\"flags_orig\":17",
                "\"flags_orig\":3|\"flags_orig\":1",
                "\"syn_records\":1|\"syn_records\":0",
                "\"midstream\":false|\"midstream\":true",
                "\"one_sided\":false|\"one_sided\":true",
                "\"direction_evidence\":\"syn\"|\"direction_evidence\":\"port\"",
                "\"status_code\":\"SF\"|\"status_code\":\"S1\"",
                "\"bytes\":12|\"bytes\":13",
                "\"observers\":[\"eni-1\"]|\"observers\":[]",
                "\"continuation_of\":null|\"continuation_of\":\"00000000000000000000000000000002\"",
                "\"event\":\"close\"|\"event\":\"open\"",
                "\"protocol_num\":6|\"protocol_num\":17",
            })
    void aRowThatContradictsItselfIsFound(String said, String contradiction) {
        String broken = SF.replace(said, contradiction);

        assertThat(broken).isNotEqualTo(SF);
        assertThatThrownBy(() -> ConnectionInvariants.of(List.of(ConnectionRow.of(broken)))
                        .hold())
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void anIdUsedTwiceIsFound() {
        assertThatThrownBy(() -> ConnectionInvariants.of(List.of(ConnectionRow.of(SF), ConnectionRow.of(SF)))
                        .hold())
                .hasMessageContaining("no two connections share an id");
    }

    @Test
    void aLostRecordIsFound() {
        assertThatThrownBy(() ->
                        ConnectionInvariants.of(List.of(ConnectionRow.of(SF))).accountFor(3, 0, 0))
                .isInstanceOf(AssertionError.class);
    }
}
