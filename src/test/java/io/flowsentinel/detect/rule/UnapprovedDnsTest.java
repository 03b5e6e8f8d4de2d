package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnapprovedDnsTest {

    private static final String HOST = "10.0.1.5";
    private static final String RESOLVER = "9.9.9.9";
    private static final long DAY = 86_400;
    /** T0 is 22:00 UTC. */
    private static final long MIDNIGHT = 2 * 3_600;

    @Test
    void anAnswerOfAPublicResolverIsAFindingOfTheDay() {
        Detection detection = Detection.of(UnapprovedDns.FAMILY)
                .see(asked(HOST, RESOLVER))
                .see(asked(HOST, "8.8.8.8").at(10))
                .see(asked(HOST, "8.8.8.8").at(3_700))
                .see(asked(HOST, RESOLVER).at(MIDNIGHT + 10));

        detection.until(3 * DAY);

        assertThat(detection.alerts())
                .filteredOn(alert -> alert.activity() != Activity.UPDATE)
                .extracting(Alert::activity)
                .containsExactly(Activity.CREATE, Activity.CLOSE, Activity.CREATE, Activity.CLOSE);
        assertThat(detection.creates().get(0)).satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("unapproved-dns");
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity()).containsExactly(new EntityField("endpoint", HOST));
            assertThat(alert.title())
                    .isEqualTo("Unapproved DNS: 10.0.1.5 was answered by 2 public resolvers (8.8.8.8, 9.9.9.9),"
                            + " 2 connections");
            assertThat(alert.context()).containsEntry("resolvers", "8.8.8.8, 9.9.9.9");
            assertThat(alert.findingId())
                    .isEqualTo(Detection.findingId(
                            "unapproved-dns", 1, "vpc-1", "endpoint=10.0.1.5", T0 + MIDNIGHT - DAY));
        });
        assertThat(detection.alerts())
                .filteredOn(alert -> alert.activity() == Activity.CLOSE)
                .first()
                .satisfies(alert -> {
                    assertThat(alert.timeMillis()).isEqualTo((T0 + MIDNIGHT) * 1000);
                    assertThat(alert.numbers()).containsEntry("connections", 3L).containsEntry("resolvers", 2L);
                });
    }

    @Test
    void tcpAndDnsOverTlsCountToo() {
        assertThat(findings(Detection.of(UnapprovedDns.FAMILY)
                        .see(from(HOST, RESOLVER, 53).answered())))
                .isEqualTo(1);
        assertThat(findings(Detection.of(UnapprovedDns.FAMILY)
                        .see(from(HOST, RESOLVER, 853).answered())))
                .isEqualTo(1);
        assertThat(findings(Detection.of(UnapprovedDns.FAMILY)
                        .see(from(HOST, RESOLVER, 443).answered())))
                .isZero();
    }

    @Test
    void approvedResolversMayBeAskedAndMayAsk() {
        String rules = "dns: {resolvers: [9.9.9.0/24, 10.0.0.2]}";

        assertThat(findings(Detection.of(UnapprovedDns.FAMILY, rules).see(asked(HOST, RESOLVER))))
                .isZero();
        assertThat(findings(Detection.of(UnapprovedDns.FAMILY, rules).see(asked("10.0.0.2", "8.8.8.8"))))
                .isZero();
        assertThat(findings(Detection.of(UnapprovedDns.FAMILY, rules).see(asked(HOST, "8.8.8.8"))))
                .isEqualTo(1);
    }

    @Test
    void aResolverInsideIsNotPublic() {
        assertThat(findings(Detection.of(UnapprovedDns.FAMILY)
                        .see(asked(HOST, "10.0.0.53"))
                        .see(asked(HOST, "169.254.169.253"))))
                .isZero();
    }

    @Test
    void withoutAnAnswerThatPassedNothingWasLearned() {
        assertThat(findings(Detection.of(UnapprovedDns.FAMILY)
                        .see(from(HOST, RESOLVER, 53).protocol(FlowRecord.UDP).saw("eni-a", true, Action.ACCEPT, 0))
                        .see(from(HOST, RESOLVER, 53)
                                .protocol(FlowRecord.UDP)
                                .at(1)
                                .saw("eni-a", true, Action.ACCEPT, 0)
                                .saw("eni-a", false, Action.REJECT, 0))
                        .see(from(HOST, RESOLVER, 53)
                                .protocol(FlowRecord.UDP)
                                .at(2)
                                .saw("eni-a", true, Action.REJECT, 0)
                                .saw("eni-a", false, Action.ACCEPT, 0))
                        .see(from(HOST, RESOLVER, 53).unanswered().at(3))))
                .isZero();
    }

    @Test
    void publicClientsOfAnOwnNameServerAreNoQuestionsOfIt() {
        Detection detection = Detection.of(UnapprovedDns.FAMILY)
                .see(asked("198.51.100.7", HOST))
                .see(asked(HOST, "198.51.100.7").sourcePort(53).unknown());

        assertThat(findings(detection)).isZero();
    }

    @Test
    void anAllowedEndpointIsSuppressed() {
        Detection detection = Detection.of(
                        UnapprovedDns.FAMILY, "rules: {unapproved-dns: {allow: [{source: 10.0.1.5, reason: a probe}]}}")
                .see(asked(HOST, RESOLVER));

        detection.until(5_000);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsExactly("allow source=10.0.1.5 reason=a probe");
    }

    @Test
    void aGatewayIsNotBlamedForThoseBehindIt() {
        Detection detection = Detection.of(UnapprovedDns.FAMILY)
                .see(asked(HOST, RESOLVER).through("10.0.0.254"))
                .see(asked("10.0.0.254", RESOLVER));

        detection.until(5_000);

        assertThat(detection.alerts())
                .extracting(Alert::entity)
                .containsExactly(List.of(new EntityField("endpoint", HOST)));
        assertThat(detection.suppressed()).extracting(Alert::suppressedBy).containsExactly("translated");
    }

    @Test
    void neitherArrivalOrderNorWatermarkStepsShow() {
        List<Connections> connections = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            connections.add(asked(HOST, "9.9.9." + i % 7).at(i * 400L).decided(30_000 + i));
        }
        List<Alert> expected = run(connections, 60);
        Collections.shuffle(connections, new Random(1));

        assertThat(expected).isNotEmpty();
        assertThat(run(connections, 9_000)).isEqualTo(expected);
    }

    private static List<Alert> run(List<Connections> connections, int step) {
        Detection detection = Detection.of(UnapprovedDns.FAMILY);
        connections.forEach(detection::see);
        for (long now = 0; now <= 2 * DAY; now += step) {
            detection.until(now);
        }
        return detection.until(2 * DAY).all();
    }

    private static int findings(Detection detection) {
        return detection.until(5_000).all().size();
    }

    private static Connections asked(String originator, String responder) {
        return from(originator, responder, 53)
                .protocol(FlowRecord.UDP)
                .saw("eni-a", true, Action.ACCEPT, 0, FlowDirection.EGRESS)
                .saw("eni-a", false, Action.ACCEPT, 0, FlowDirection.INGRESS);
    }
}
