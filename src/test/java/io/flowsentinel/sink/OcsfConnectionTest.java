package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Event;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OcsfConnectionTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final OcsfConnection encoder = new OcsfConnection(Samples.TEN);

    @Test
    void saysWhatTheContractAsks() throws IOException {
        Connection connection = Samples.connection().trafficPath(8).build();

        JsonNode json = json(connection);

        assertThat(json)
                .isEqualTo(
                        JSON.readTree(
                                """
                {"class_uid":4001,"class_name":"Network Activity","category_uid":4,"category_name":"Network Activity",
                 "activity_id":2,"activity_name":"Close","type_uid":400102,"type_name":"Network Activity: Close",
                 "severity_id":1,"severity":"Informational",
                 "metadata":{"version":"1.6.0",
                  "product":{"name":"Flow Sentinel","vendor_name":"Flow Sentinel","version":"0.1.0"},
                  "profiles":["cloud","security_control"]},
                 "time":1566849113000,"start_time":1566848875000,"end_time":1566849113000,"duration":238000,
                 "status_code":"SF","action_id":1,"disposition_id":1,"is_src_dst_assignment_known":true,
                 "src_endpoint":{"ip":"52.213.180.42","port":43418},
                 "dst_endpoint":{"ip":"10.0.0.62","port":5001,"interface_uid":"eni-1","instance_uid":"i-0",
                  "vpc_uid":"vpc-1","subnet_uid":"subnet-1","svc_name":"EC2"},
                 "connection_info":{"uid":"0123456789abcdef0123456789abcdef",
                  "community_uid":"1:uX3t2zPPZ5PMYWwj1agTcT2wkOc=","protocol_num":6,"direction_id":1,"boundary_id":11},
                 "traffic":{"bytes_out":23395289,"packets_out":16000,"bytes_in":64020,"packets_in":1200,
                  "bytes":23459309,"packets":17200},
                 "cloud":{"provider":"AWS","account":{"uid":"123456789010"},"region":"eu-west-1","zone":"euw1-az2"},
                 "unmapped":{"event":"close","verdict":"allowed","reject_reason":null,"direction_evidence":"syn",
                  "flags":"present","flags_orig":3,"flags_resp":19,"end_reason":"closed","missed_close":false,
                  "crossed_syn":false,"syn_records":1,"midstream":false,"one_sided":false,"coverage_gap":false,
                  "multi_connection_suspected":false,"simultaneous_open":false,"unsolicited_synack":false,
                  "key_quality":"full","records":4,"observers":["eni-1","eni-2"],"continuation_of":null,
                  "scope":"vpc-1"}}
                """));
    }

    @ParameterizedTest
    @CsvSource({
        "REJ, ALLOWED, 5",
        "S0, DENIED, 5",
        "OTH, DENIED_EGRESS, 5",
        "S0, DENIED_BY_DESTINATION, 5",
        "SF, ALLOWED, 2",
        "SH, ALLOWED, 2",
        "SHR, MIXED, 2",
        "RSTO, ALLOWED, 3",
        "RSTR, ALLOWED, 3",
        "RSTOS0, ALLOWED, 3",
        "RSTRH, ALLOWED, 3",
        "S0, ALLOWED, 4",
        "S0, REPLY_DENIED, 4",
        "S1, ALLOWED, 6",
        "S2, ALLOWED, 6",
        "S3, STALE_REJECT, 6",
        "OTH, UNSOLICITED_REJECT, 6",
    })
    void activityFollowsVerdictThenState(ConnState state, Verdict verdict, int activity) throws IOException {
        JsonNode json = json(Samples.connection().state(state).verdict(verdict).build());

        assertThat(json.path("activity_id").asInt()).isEqualTo(activity);
        assertThat(json.path("type_uid").asInt()).isEqualTo(400100 + activity);
    }

    @ParameterizedTest
    @CsvSource({
        "ALLOWED, 1", "UNSOLICITED_REJECT, 1", "STALE_REJECT, 1", "MIXED, 1",
        "REPLY_DENIED, 2", "DENIED_BY_DESTINATION, 2", "DENIED_EGRESS, 2", "DENIED, 2",
    })
    void whatWasDeniedIsBlocked(Verdict verdict, int action) throws IOException {
        JsonNode json = json(Samples.connection().verdict(verdict).build());

        assertThat(json.path("action_id").asInt()).isEqualTo(action);
        assertThat(json.path("disposition_id").asInt()).isEqualTo(action);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "1, 4", "2, 5", "3, 6", "4, 7", "5, 8", "6, 9", "7, 10", "8, 11", "9, 99"})
    void boundaryFollowsTrafficPath(int trafficPath, int boundary) throws IOException {
        JsonNode json = json(Samples.connection().trafficPath(trafficPath).build());

        assertThat(json.at("/connection_info/boundary_id").asInt()).isEqualTo(boundary);
        assertThat(json.at("/connection_info").has("boundary")).isEqualTo(boundary == 99);
    }

    @ParameterizedTest
    @CsvSource({"SYN, true", "SYNACK, true", "PORT, false", "NONE, false"})
    void rolesAreKnownFromAHandshakeOnly(DirectionEvidence evidence, boolean known) throws IOException {
        JsonNode json = json(Samples.connection().evidence(evidence).build());

        assertThat(json.path("is_src_dst_assignment_known").asBoolean()).isEqualTo(known);
    }

    @Test
    void directionIsSeenFromOurNetworks() throws IOException {
        Side here = new Side(new Endpoint(Samples.SERVER, 1), 1, 1, 2, null, null, List.of());
        Side there = new Side(new Endpoint(Samples.LAPTOP, 1), 1, 1, 2, null, null, List.of());

        assertThat(direction(there, here)).isEqualTo(1);
        assertThat(direction(here, there)).isEqualTo(2);
        assertThat(direction(here, here)).isEqualTo(3);
        assertThat(direction(there, there)).isZero();
    }

    @Test
    void anAddressWithAnInterfaceOfItsOwnIsOurs() throws IOException {
        Side here = new Side(new Endpoint(Samples.LAPTOP, 1), 1, 1, 2, Samples.observer("-"), null, List.of());
        Side there = new Side(new Endpoint(IpAddress.ipv6(1, 1), 1), 1, 1, 2, null, null, List.of());

        JsonNode json =
                json(Samples.connection().originator(here).responder(there).build());

        assertThat(json.at("/connection_info/direction_id").asInt()).isEqualTo(2);
        assertThat(json.path("src_endpoint").has("interface_uid")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, false", "58, false", "6, true", "17, true", "132, true", "47, true"})
    void onlyIcmpHasNoCommunityId(int protocol, boolean has) throws IOException {
        JsonNode json = json(Samples.connection().protocol(protocol).build());

        assertThat(json.at("/connection_info/protocol_num").asInt()).isEqualTo(protocol);
        assertThat(json.path("connection_info").has("community_uid")).isEqualTo(has);
    }

    @Test
    void aSideWithoutRecordsHasNullFlagsAndOneWithoutFlagsHasZero() throws IOException {
        Side silent = new Side(new Endpoint(Samples.SERVER, 0), 0, 0, Side.NO_RECORD, null, null, List.of());
        Side flagless = new Side(new Endpoint(Samples.LAPTOP, 0), 4, 336, 0, null, null, List.of());

        JsonNode json = json(Samples.connection()
                .icmp()
                .originator(flagless)
                .responder(silent)
                .build());

        assertThat(json.at("/unmapped/flags_orig").isInt()).isTrue();
        assertThat(json.at("/unmapped/flags_orig").asInt()).isZero();
        assertThat(json.at("/unmapped/flags_resp").isNull()).isTrue();
        assertThat(json.at("/unmapped/flags").asText()).isEqualTo("absent");
    }

    @Test
    void anEndpointListsTheAddressesThatStoodInItsPlace() throws IOException {
        Side behindGateway =
                new Side(new Endpoint(Samples.LAPTOP, 1), 1, 1, 2, null, null, List.of(IpAddress.ipv4(0x0a280001)));

        JsonNode json = json(Samples.connection().originator(behindGateway).build());

        assertThat(json.at("/src_endpoint/intermediate_ips")).hasToString("[\"10.40.0.1\"]");
        assertThat(json.path("dst_endpoint").has("intermediate_ips")).isFalse();
    }

    @Test
    void anInterfaceWithoutANameIsADashAmongTheObservers() throws IOException {
        JsonNode json = json(Samples.connection().observedBy("-").build());

        assertThat(json.at("/unmapped/observers")).hasToString("[\"-\"]");
    }

    @Test
    void anAccountAwsKeepsToItselfIsAbsent() throws IOException {
        Observer nobodys = new Observer("-", "eni-9", "unknown", "eu-west-1", null, null, null, null, null, null);
        Side responder = new Side(new Endpoint(Samples.SERVER, 1), 1, 1, 2, nobodys, null, List.of());

        JsonNode json = json(Samples.connection().responder(responder).build());

        assertThat(json.path("cloud").has("account")).isFalse();
        assertThat(json.at("/cloud/region").asText()).isEqualTo("eu-west-1");
    }

    @Test
    void theProductVersionIsThatOfTheBuild() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml"))).contains("<version>" + Ocsf.PRODUCT_VERSION);
    }

    @Test
    void everyTraitHasItsField() throws IOException {
        Samples.ConnectionBuilder connection = Samples.connection().ended(EndReason.TCP_REUSE);
        for (Trait trait : Trait.values()) {
            connection.with(trait);
        }

        JsonNode unmapped = json(connection.build()).path("unmapped");

        assertThat(unmapped.path("key_quality").asText()).isEqualTo("degraded");
        for (String name : new String[] {
            "missed_close",
            "crossed_syn",
            "midstream",
            "one_sided",
            "coverage_gap",
            "multi_connection_suspected",
            "simultaneous_open",
            "unsolicited_synack"
        }) {
            assertThat(unmapped.path(name).asBoolean()).as(name).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"OPEN, open", "UPDATE, update", "CLOSE, close"})
    void everyEventHasTheConnectionsKeyAndOnlyACloseAnEndReason(Event event, String name) throws IOException {
        JsonNode json = json(Samples.connection().event(event).build());

        assertThat(json.at("/unmapped/event").asText()).isEqualTo(name);
        assertThat(json.at("/connection_info/uid").asText()).isEqualTo(Samples.CONNECTION_ID);
        assertThat(json.at("/unmapped/end_reason").isNull()).isEqualTo(event != Event.CLOSE);
    }

    private int direction(Side originator, Side responder) throws IOException {
        return json(Samples.connection()
                        .originator(originator)
                        .responder(responder)
                        .build())
                .at("/connection_info/direction_id")
                .asInt();
    }

    /** The message as JSON, held to the schema. */
    private JsonNode json(Connection connection) throws IOException {
        byte[] value = encoder.value(connection);
        assertThat(FeedSchemas.faults(Feed.CONNECTIONS, new String(value, StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(encoder.key(connection)).asString().isEqualTo(connection.id());
        return JSON.readTree(value);
    }
}
