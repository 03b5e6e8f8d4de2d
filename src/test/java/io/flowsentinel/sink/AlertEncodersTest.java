package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertEncodersTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Alert.Party PUBLIC =
            new Alert.Party(new Endpoint(Samples.LAPTOP, 43418), false, 3, 180, null, null);
    private static final Alert.Evidence INBOUND =
            Samples.evidence(PUBLIC, new Alert.Party(new Endpoint(Samples.SERVER, 22), true, 0, 0, "eni-1", "i-1"));
    private static final Alert.Evidence OUTBOUND =
            Samples.evidence(new Alert.Party(new Endpoint(Samples.SERVER, 40001), true, 0, 0, "eni-1", null), PUBLIC);

    private final FeedEncoder<Alert> ocsf = new Encoders(AlertFormat.OCSF, Samples.TEN).alerts();
    private final FeedEncoder<Alert> ecs = new Encoders(AlertFormat.ECS, Samples.TEN).alerts();

    @Test
    void ocsfSaysWhatTheContractAsks() throws IOException {
        JsonNode json = ocsf("alerts", Samples.alert());

        assertThat(json)
                .isEqualTo(
                        JSON.readTree(
                                """
                {"class_uid":2004,"class_name":"Detection Finding","category_uid":2,"category_name":"Findings",
                 "activity_id":1,"activity_name":"Create","type_uid":200401,"type_name":"Detection Finding: Create",
                 "severity_id":3,"severity":"Medium","confidence_id":2,"confidence":"Medium",
                 "status_id":1,"status":"New","is_alert":true,
                 "metadata":{"version":"1.6.0",
                  "product":{"name":"Flow Sentinel","vendor_name":"Flow Sentinel","version":"0.1.0"},
                  "event_code":"port-scan","profiles":["cloud"]},
                 "time":1566849000000,"start_time":1566848875000,"end_time":1566848900000,
                 "message":"52.213.180.42 failed on 31 ports of 10.0.0.62 within 15 min.",
                 "finding_info":{"uid":"00000000000000000000000000000abc",
                  "title":"52.213.180.42 failed on 31 ports of 10.0.0.62",
                  "desc":"One originator failed on many ports of one responder.",
                  "analytic":{"type_id":1,"type":"Rule","uid":"port-scan","name":"Port scan","version":"1"},
                  "attacks":[
                   {"technique":{"uid":"T1046","name":"Network Service Discovery"},"version":"v17"},
                   {"technique":{"uid":"T1499"},"sub_technique":{"uid":"T1499.001","name":"OS Exhaustion Flood"},
                    "version":"v17"}],
                  "first_seen_time":1566848875000,"last_seen_time":1566848900000,"related_events_count":31},
                 "remediation":{"desc":"Look at what the originator reached afterwards."},
                 "evidences":[{"uid":"0123456789abcdef0123456789abcdef",
                  "src_endpoint":{"ip":"52.213.180.42","port":43418},
                  "dst_endpoint":{"ip":"10.0.0.62","port":22,"interface_uid":"eni-1","instance_uid":"i-1"},
                  "connection_info":{"uid":"0123456789abcdef0123456789abcdef",
                   "community_uid":"1:yF6zCNPSa8bnBirUb125P/Lgw9E=","protocol_num":6,"direction_id":1},
                  "data":{"conn_state":"S0","verdict":"denied","scope":"vpc-1","start_time":1566848875000,
                   "end_time":1566848937000,"duration":62000,
                   "traffic":{"bytes_out":180,"packets_out":3,"bytes_in":0,"packets_in":0,"bytes":180,"packets":3}}}],
                 "resources":[{"uid":"52.213.180.42","type":"IP Address","role_id":2},
                  {"uid":"10.0.0.62","type":"IP Address","role_id":1},
                  {"uid":"i-1","type":"EC2 Instance","role_id":1}],
                 "observables":[
                  {"name":"unmapped.entity.originator","type_id":2,"type":"IP Address","value":"52.213.180.42"},
                  {"name":"unmapped.entity.responder","type_id":2,"type":"IP Address","value":"10.0.0.62"}],
                 "cloud":{"provider":"AWS","account":{"uid":"123456789010"},"region":"eu-west-1"},
                 "unmapped":{"entity":{"originator":"52.213.180.42","responder":"10.0.0.62","port":22,"protocol":6},
                  "scope":"vpc-1","numbers":{"ports":31},"thresholds":{"external":25,"ratio":0.05},
                  "rules_version":"9f86d081",
                  "records":[{"object":"s3://logs/AWSLogs/123456789010/vpcflowlogs/eu-west-1/2019/08/26/\
                123456789010_vpcflowlogs_eu-west-1_fl-1234abcd_20190826T1945Z_0123abcd.log.gz","line":2}],
                  "coverage_gap":false}}
                """));
    }

    @ParameterizedTest
    @CsvSource({"CREATE, 1, 1, true", "UPDATE, 2, 2, false", "CLOSE, 3, 4, false"})
    void onlyACreateIsAnAlert(Activity activity, int id, int status, boolean isAlert) throws IOException {
        JsonNode json = ocsf("alerts", Samples.alert(activity, null));

        assertThat(json.path("activity_id").asInt()).isEqualTo(id);
        assertThat(json.path("status_id").asInt()).isEqualTo(status);
        assertThat(json.path("is_alert").asBoolean()).isEqualTo(isAlert);
    }

    @Test
    void aSuppressedCreateIsTheFullAlertAndNone() throws IOException {
        JsonNode json = ocsf("suppressed", Samples.alert(Activity.CREATE, "dry-run"));

        assertThat(json.path("is_alert").asBoolean()).isFalse();
        assertThat(json.path("status_id").asInt()).isEqualTo(3);
        assertThat(json.at("/unmapped/suppressed_by").asText()).isEqualTo("dry-run");
    }

    @Test
    void theSchemasTellSuppressedFromOthers() {
        String created = text(ocsf, Samples.alert());
        String suppressed = text(ocsf, Samples.alert(Activity.CREATE, "dry-run"));

        assertThat(FeedSchemas.faults(Feed.SUPPRESSED, created)).isNotEmpty();
        assertThat(FeedSchemas.faults(Feed.ALERTS, suppressed)).isNotEmpty();
        assertThat(FeedSchemas.faults(
                        Feed.ALERTS, created.replace("\"port\":22,\"protocol\"", "\"port\":\"22\",\"protocol\"")))
                .isNotEmpty();
    }

    @Test
    void ecsSaysTheSame() throws IOException {
        JsonNode json = ecs(Samples.alert());

        assertThat(json.path("@timestamp").asText()).isEqualTo("2019-08-26T19:50:00Z");
        assertThat(json.at("/event/kind").asText()).isEqualTo("alert");
        assertThat(json.at("/rule/id").asText()).isEqualTo("port-scan");
        assertThat(json.at("/source/ip").asText()).isEqualTo("52.213.180.42");
        assertThat(json.at("/destination/port").asInt()).isEqualTo(22);
        assertThat(json.at("/threat/technique/1/subtechnique/id/0").asText()).isEqualTo("T1499.001");
        assertThat(json.at("/flow_sentinel/entity/port").asInt()).isEqualTo(22);
        assertThat(json.at("/flow_sentinel/evidence"))
                .isEqualTo(
                        JSON.readTree(
                                """
                [{"connection":"0123456789abcdef0123456789abcdef","conn_state":"S0","verdict":"denied","scope":"vpc-1",
                  "start":"2019-08-26T19:47:55Z","end":"2019-08-26T19:48:57Z","protocol":6,
                  "originator":{"ip":"52.213.180.42","port":43418,"packets":3,"bytes":180},
                  "responder":{"ip":"10.0.0.62","port":22,"packets":0,"bytes":0,"interface":"eni-1","instance":"i-1"}}]
                """));
    }

    @Test
    void aBlockOfAddressesIsNoAddress() throws IOException {
        Alert alert = Samples.alert(new EntityField("originator", "52.213.180.0/24"), INBOUND);

        assertThat(ocsf("alerts", alert).path("observables"))
                .isEqualTo(
                        JSON.readTree(
                                """
                [{"name":"unmapped.entity.originator","type_id":12,"type":"Subnet","value":"52.213.180.0/24"}]
                """));
        assertThat(ocsf("alerts", alert).path("resources"))
                .isEqualTo(
                        JSON.readTree(
                                """
                [{"uid":"52.213.180.0/24","type":"Address Block","role_id":2},
                 {"uid":"i-1","type":"EC2 Instance","role_id":1}]
                """));
        assertThat(ecs(alert).has("source")).isFalse();
        assertThat(ecs(alert).at("/related/ip")).isEqualTo(JSON.readTree("[\"10.0.0.62\",\"52.213.180.42\"]"));
    }

    @Test
    void ofAnEntityThatNamesNoAddressTheEvidenceDoes() throws IOException {
        Alert alert = Samples.alert(new EntityField("connection", Samples.CONNECTION_ID), OUTBOUND);

        assertThat(ocsf("alerts", alert).path("observables"))
                .isEqualTo(
                        JSON.readTree(
                                """
                [{"name":"evidences[0].src_endpoint.ip","type_id":2,"type":"IP Address","value":"10.0.0.62"},
                 {"name":"evidences[0].dst_endpoint.ip","type_id":2,"type":"IP Address","value":"52.213.180.42"}]
                """));
        assertThat(ocsf("alerts", alert).path("resources"))
                .isEqualTo(JSON.readTree("[{\"uid\":\"eni-1\",\"type\":\"Network Interface\",\"role_id\":2}]"));
        assertThat(ecs(alert).at("/related/ip")).isEqualTo(JSON.readTree("[\"10.0.0.62\",\"52.213.180.42\"]"));
    }

    @Test
    void theRoleOfAPeerIsThatOfAllTheEvidence() throws IOException {
        EntityField peer = new EntityField("peer", "52.213.180.42");

        assertThat(ocsf("alerts", Samples.alert(peer, INBOUND))
                        .at("/resources/0/role_id")
                        .asInt())
                .isEqualTo(2);
        assertThat(ocsf("alerts", Samples.alert(peer, OUTBOUND))
                        .at("/resources/0/role_id")
                        .asInt())
                .isEqualTo(1);
        assertThat(ocsf("alerts", Samples.alert(peer, INBOUND, OUTBOUND))
                        .at("/resources/0/role_id")
                        .asInt())
                .isZero();
    }

    @Test
    void ofAnExternalPeerTheHostsBesideItAreResources() throws IOException {
        JsonNode json = ocsf("alerts", Samples.alert(new EntityField("peer", "52.213.180.42"), INBOUND));

        assertThat(json.at("/resources/1"))
                .isEqualTo(JSON.readTree("{\"uid\":\"i-1\",\"type\":\"EC2 Instance\",\"role_id\":1}"));
    }

    @Test
    void ecsCallsOnlyACreateAnAlert() throws IOException {
        assertThat(ecs(Samples.alert(Activity.UPDATE, null)).at("/event/kind").asText())
                .isEqualTo("event");
        assertThat(ecs(Samples.alert(Activity.CREATE, "dry-run"))
                        .at("/event/kind")
                        .asText())
                .isEqualTo("event");
    }

    @Test
    void keyAndHeadersNameFindingAndRule() {
        assertThat(ocsf.key(Samples.alert())).asString().isEqualTo("00000000000000000000000000000abc");
        assertThat(ocsf.headers(Samples.alert())).isEqualTo(Map.of("rule-id", "port-scan", "rule-version", "1"));
    }

    @Test
    void aLineForPeopleSaysTheSameFromEitherSchema() throws IOException {
        AlertLine line = new AlertLine(false);

        String expected = "2019-08-26T19:50:00Z  MEDIUM  create  port-scan              "
                + "52.213.180.42 failed on 31 ports of 10.0.0.62  "
                + "[originator=52.213.180.42 responder=10.0.0.62 port=22 protocol=6]";
        assertThat(line.of(ocsf("alerts", Samples.alert()))).isEqualTo(expected);
        assertThat(line.of(ecs(Samples.alert()))).isEqualTo(expected);
    }

    @Test
    void aLineForPeopleSaysWhatSuppressedItAndColoursOnRequest() throws IOException {
        JsonNode json = ocsf("suppressed", Samples.alert(Activity.CREATE, "dry-run"));

        assertThat(new AlertLine(false).of(json)).endsWith("  suppressed by dry-run");
        assertThat(new AlertLine(true).of(json)).contains("\u001b[33mMEDIUM\u001b[0m");
    }

    private JsonNode ocsf(String schema, Alert alert) throws IOException {
        String text = text(ocsf, alert);
        assertThat(FeedSchemas.faults(schema, text)).isEmpty();
        return JSON.readTree(text);
    }

    private JsonNode ecs(Alert alert) throws IOException {
        String text = text(ecs, alert);
        assertThat(FeedSchemas.faults("alerts-ecs", text)).isEmpty();
        return JSON.readTree(text);
    }

    private static String text(FeedEncoder<Alert> encoder, Alert alert) {
        return new String(encoder.value(alert), StandardCharsets.UTF_8);
    }
}
