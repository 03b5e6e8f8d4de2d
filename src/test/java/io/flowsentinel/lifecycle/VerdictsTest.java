package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Batch.connection;
import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowRecord;
import org.junit.jupiter.api.Test;

/** The first verdict that holds, where more than one would. */
class VerdictsTest {

    @Test
    void aRejectedSynAckIsBackscatterOnlyAsLongAsNothingElseWasLogged() {
        assertThat(verdict(
                        answer().flags(18).rejected().ingress(),
                        answer().flags(4).rejected().ingress()))
                .isEqualTo(Verdict.UNSOLICITED_REJECT);
        assertThat(verdict(answer().flags(18).rejected(), answer().rejected().egress()))
                .isEqualTo(Verdict.DENIED);
        assertThat(verdict(answer().flags(18).rejected(), request().flags(4).rejected()))
                .isEqualTo(Verdict.DENIED);
        assertThat(verdict(answer().flags(18).rejected(), answer().flags(2).rejected()))
                .isEqualTo(Verdict.DENIED);
        assertThat(verdict(answer().flags(18).rejected(), answer().on("eni-2"))).isEqualTo(Verdict.DENIED);
    }

    @Test
    void backscatterAndStaleRejectsNeedTcpAndFlags() {
        assertThat(verdict(answer().flags(18).protocol(FlowRecord.UDP).rejected()))
                .isEqualTo(Verdict.DENIED);
        assertThat(verdict(answer().withoutFlags().rejected())).isEqualTo(Verdict.DENIED);
        assertThat(verdict(answer().protocol(FlowRecord.UDP).rejected())).isEqualTo(Verdict.DENIED);
    }

    @Test
    void aRejectIsStaleWhateverWasAcceptedButNotWithASynOrASynAck() {
        assertThat(verdict(
                        request().flags(2),
                        answer().flags(18),
                        request().flags(1).at(60).rejected()))
                .isEqualTo(Verdict.STALE_REJECT);
        assertThat(verdict(
                        request().flags(2),
                        answer().flags(18),
                        answer().flags(18).rejected(),
                        request().flags(4).rejected()))
                .isEqualTo(Verdict.MIXED);
        assertThat(verdict(request().flags(4).rejected().egress())).isEqualTo(Verdict.STALE_REJECT);
    }

    @Test
    void bothActionsInOneDirectionOutrankADeniedAnswer() {
        assertThat(verdict(
                        request().flags(2),
                        request().flags(2).rejected(),
                        answer().flags(18).rejected()))
                .isEqualTo(Verdict.MIXED);
    }

    @Test
    void bothActionsAreMixedOnlyAtOneInterfaceAndInOneDirection() {
        assertThat(verdict(request().flags(2), request().flags(2).rejected().on("eni-2")))
                .isEqualTo(Verdict.DENIED_BY_DESTINATION);
        assertThat(verdict(request().flags(2).rejected(), answer())).isEqualTo(Verdict.DENIED);
    }

    @Test
    void anAnswerIsDeniedUpToAMinuteBeforeOrAfterTheRequest() {
        Flow request = request().protocol(FlowRecord.UDP);
        Flow denied = answer().protocol(FlowRecord.UDP).rejected();

        assertThat(verdict(request.during(0, 10), denied.during(70, 75))).isEqualTo(Verdict.REPLY_DENIED);
        assertThat(verdict(request.during(0, 10), denied.during(71, 75))).isEqualTo(Verdict.DENIED);
        assertThat(verdict(denied.during(0, 10), request.during(70, 75))).isEqualTo(Verdict.REPLY_DENIED);
        assertThat(verdict(denied.during(0, 10), request.during(71, 75))).isEqualTo(Verdict.DENIED);
    }

    @Test
    void anAnswerIsDeniedWhereItsRequestPassed() {
        assertThat(verdict(request().flags(2).on("eni-2"), answer().flags(18).rejected()))
                .isEqualTo(Verdict.DENIED_BY_DESTINATION);
        assertThat(verdict(
                        request().flags(2),
                        answer().flags(18),
                        answer().flags(18).rejected()))
                .isEqualTo(Verdict.MIXED);
    }

    @Test
    void aDeniedAnswerOutranksADeniedRequestElsewhere() {
        assertThat(verdict(
                        request().flags(2),
                        answer().flags(18).rejected().egress(),
                        request().flags(2).rejected().on("eni-2")))
                .isEqualTo(Verdict.REPLY_DENIED);
    }

    @Test
    void whatTheOriginatorGotThroughElsewhereOutranksTheDirection() {
        assertThat(verdict(
                        request().flags(2),
                        request().flags(2).rejected().egress().on("eni-2")))
                .isEqualTo(Verdict.DENIED_BY_DESTINATION);
        assertThat(verdict(answer().on("eni-2"), request().flags(2).rejected().egress()))
                .isEqualTo(Verdict.DENIED_EGRESS);
    }

    @Test
    void deniedEgressNeedsEveryRejectToSaySo() {
        Flow egress = request().flags(2).rejected().egress();

        assertThat(verdict(egress, answer().ingress())).isEqualTo(Verdict.DENIED_EGRESS);
        assertThat(verdict(egress, request().flags(2).rejected().ingress().on("eni-2")))
                .isEqualTo(Verdict.DENIED);
        assertThat(verdict(egress, request().flags(2).rejected().on("eni-2"))).isEqualTo(Verdict.DENIED);
    }

    @Test
    void theReasonIsTheFirstThatARejectGives() {
        Annotations accepted = new Annotations(Annotations.NO_PATH, "EC", null, null);
        Annotations first = new Annotations(Annotations.NO_PATH, "BPA", null, null);

        assertThat(connection(
                                request().flags(2).annotated(accepted),
                                request().flags(2).rejected().at(1),
                                request().flags(2).rejected().at(2).annotated(first),
                                request().flags(2).rejected().at(3).annotated(accepted))
                        .rejectReason())
                .isEqualTo("BPA");
        assertThat(connection(request().flags(2).annotated(accepted)).rejectReason())
                .isNull();
    }

    private static Verdict verdict(Flow... flows) {
        return connection(flows).verdict();
    }
}
