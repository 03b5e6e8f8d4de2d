package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import org.junit.jupiter.api.Test;

class NaclReplyDropTest {

    private static final String REMOTE = "203.0.113.12";
    private static final String SERVER = "172.31.16.139";

    @Test
    void threeConnectionsWhoseSynAcksAreRejectedAreAFinding() {
        Detection detection = Detection.of(NaclReplyDrop.FAMILY);
        for (int i = 0; i < 3; i++) {
            detection.see(rejectedReply(443, 18).at(i));
        }

        detection.until(1_200);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("nacl-reply-drop");
            assertThat(alert.severity()).isEqualTo(Severity.LOW);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity())
                    .containsExactly(
                            new EntityField("port", "443"),
                            new EntityField("protocol", "6"),
                            new EntityField("interface", "eni-web"),
                            new EntityField("direction", "egress"));
            assertThat(alert.title())
                    .isEqualTo("Network ACL rejects replies: egress of TCP port 443 at eni-web, 3 connections");
            assertThat(alert.numbers()).containsEntry("connections", 3L);
        });
    }

    @Test
    void twoConnectionsAreNot() {
        Detection detection = Detection.of(NaclReplyDrop.FAMILY)
                .see(rejectedReply(443, 18))
                .see(rejectedReply(443, 18).at(1));

        assertThat(detection.until(1_200).all()).isEmpty();
    }

    @Test
    void portsAreToldApart() {
        Detection detection = Detection.of(NaclReplyDrop.FAMILY)
                .see(rejectedReply(443, 18))
                .see(rejectedReply(443, 18).at(1))
                .see(rejectedReply(80, 18));

        assertThat(detection.until(1_200).all()).isEmpty();
    }

    @Test
    void onePingIsEnoughWhoeverBegan() {
        Detection asked = Detection.of(NaclReplyDrop.FAMILY)
                .see(from(REMOTE, SERVER, 0)
                        .protocol(FlowRecord.ICMP)
                        .state(ConnState.OTH)
                        .verdict(Verdict.REPLY_DENIED)
                        .saw("eni-web", true, Action.ACCEPT, 0)
                        .saw("eni-web", false, Action.REJECT, 0));
        Detection turned = Detection.of(NaclReplyDrop.FAMILY)
                .see(from(SERVER, REMOTE, 0)
                        .protocol(FlowRecord.ICMP)
                        .state(ConnState.OTH)
                        .verdict(Verdict.DENIED_EGRESS)
                        .saw("eni-web", true, Action.REJECT, 0, FlowDirection.EGRESS)
                        .saw("eni-web", false, Action.ACCEPT, 0, FlowDirection.INGRESS));

        assertThat(asked.until(1_200).alerts()).singleElement().satisfies(alert -> assertThat(alert.entity())
                .containsExactly(
                        new EntityField("protocol", "1"),
                        new EntityField("interface", "eni-web"),
                        new EntityField("direction", "egress")));
        assertThat(turned.until(1_200).alerts())
                .extracting(alert -> alert.findingId())
                .containsExactly(asked.alerts().get(0).findingId());
    }

    @Test
    void aPingThatASecurityGroupRejectsIsNoReply() {
        Detection detection = Detection.of(NaclReplyDrop.FAMILY)
                .see(from(REMOTE, SERVER, 0)
                        .protocol(FlowRecord.ICMP)
                        .verdict(Verdict.DENIED)
                        .saw("eni-web", true, Action.REJECT, 0));

        assertThat(detection.until(1_200).all()).isEmpty();
    }

    @Test
    void aRejectAfterTheCloseIsStale() {
        Detection detection = Detection.of(NaclReplyDrop.FAMILY);
        for (int i = 0; i < 10; i++) {
            detection.see(from(REMOTE, SERVER, 443)
                    .at(i)
                    .verdict(Verdict.REPLY_DENIED)
                    .saw("eni-web", true, Action.ACCEPT, 2)
                    .saw("eni-far", false, Action.ACCEPT, 18)
                    .saw("eni-web", false, Action.REJECT, 4));
        }

        assertThat(detection.until(1_200).all()).isEmpty();
    }

    @Test
    void repliesOfWhichNoneWasAcceptedCountWithoutASynAck() {
        Detection detection = Detection.of(NaclReplyDrop.FAMILY);
        for (int i = 0; i < 3; i++) {
            detection.see(rejectedReply(443, 0).at(i));
        }

        assertThat(detection.until(1_200).alerts()).hasSize(1);
    }

    @Test
    void tcpWithoutFlagsIsNotJudged() {
        Detection detection = Detection.of(NaclReplyDrop.FAMILY);
        for (int i = 0; i < 3; i++) {
            detection.see(rejectedReply(443, 0).at(i).without(Trait.FLAGS_PRESENT));
        }

        assertThat(detection.until(1_200).all()).isEmpty();
    }

    @Test
    void theRejectedWayBackInIsTheIngressSide() {
        Detection detection = Detection.of(NaclReplyDrop.FAMILY);
        for (int i = 0; i < 3; i++) {
            detection.see(from(SERVER, REMOTE, 443)
                    .at(i)
                    .verdict(Verdict.REPLY_DENIED)
                    .saw("eni-web", true, Action.ACCEPT, 2, FlowDirection.EGRESS)
                    .saw("eni-web", false, Action.REJECT, 18, FlowDirection.INGRESS));
        }

        assertThat(detection.until(1_200).alerts()).singleElement().satisfies(alert -> assertThat(alert.entity())
                .contains(new EntityField("direction", "ingress")));
    }

    @Test
    void withoutFlowDirectionTheNetworksTellTheSide() {
        Detection detection = Detection.of(NaclReplyDrop.FAMILY);
        for (int i = 0; i < 3; i++) {
            detection.see(from(REMOTE, SERVER, 53)
                    .at(i)
                    .protocol(FlowRecord.UDP)
                    .verdict(Verdict.REPLY_DENIED)
                    .saw("eni-web", true, Action.ACCEPT, 0, FlowDirection.ABSENT)
                    .saw("eni-web", false, Action.REJECT, 0, FlowDirection.ABSENT));
        }

        assertThat(detection.until(1_200).alerts()).singleElement().satisfies(alert -> assertThat(alert.entity())
                .contains(new EntityField("protocol", "17"), new EntityField("direction", "egress")));
    }

    private static Connections rejectedReply(int port, int flags) {
        return from(REMOTE, SERVER, port)
                .state(ConnState.S0)
                .verdict(Verdict.REPLY_DENIED)
                .saw("eni-web", true, Action.ACCEPT, 2)
                .saw("eni-web", false, Action.REJECT, flags);
    }
}
