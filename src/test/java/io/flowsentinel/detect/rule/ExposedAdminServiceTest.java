package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static io.flowsentinel.detect.judging.Connections.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.EndReason;
import org.junit.jupiter.api.Test;

class ExposedAdminServiceTest {

    private static final String LAPTOP = "90.90.0.200";
    private static final String SERVER = "172.31.22.145";
    private static final long DAY = 86_400;
    /** T0 is 22:00 UTC. */
    private static final long MIDNIGHT = 2 * 3_600;

    @Test
    void anAnsweredPublicOriginatorOnAnAdminPortIsExposed() {
        Detection detection = Detection.of(ExposedAdminService.FAMILY)
                .see(from(LAPTOP, SERVER, 22).answered());

        detection.until(5_000);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("exposed-admin-service");
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity())
                    .containsExactly(new EntityField("responder", SERVER), new EntityField("port", "22"));
            assertThat(alert.title())
                    .isEqualTo("Exposed service: 172.31.22.145 answered 1 public originator (90.90.0.200) on port 22,"
                            + " 1 connection");
            assertThat(alert.timeMillis()).isEqualTo((T0 + 3_600) * 1000);
        });
    }

    @Test
    void whoWasAnsweredIsNamed() {
        Detection detection = Detection.of(ExposedAdminService.FAMILY);
        for (int i = 12; i > 0; i--) {
            detection.see(from("90.90.0." + i, SERVER, 22).answered().at(i));
        }

        Alert alert = detection.until(5_000).creates().get(0);

        assertThat(alert.title()).contains("12 public originators (90.90.0.1, 90.90.0.2, 90.90.0.3 and 9 more)");
        assertThat(alert.context().get("originators")).endsWith(", 90.90.0.9, 90.90.0.10 and 2 more");
    }

    @Test
    void theLargestConnectionIsShownHoweverManyLoginsFailedBeforeIt() {
        Detection detection = Detection.of(ExposedAdminService.FAMILY);
        for (int i = 0; i < 20; i++) {
            detection.see(from(LAPTOP, SERVER, 22)
                    .numbered(i + 1)
                    .answered()
                    .bytes(i == 15 ? 420_000 : 2_000)
                    .at(i));
        }

        Alert alert = detection.until(5_000).creates().get(0);

        assertThat(alert.context().get("largest_connection")).startsWith(id(16) + " of " + LAPTOP + ", 42");
        assertThat(alert.connections())
                .hasSize(10)
                .extracting(Alert.Evidence::connectionId)
                .contains(id(1), id(16));
    }

    @Test
    void theFindingIsTheDaysAndClosesAtItsEnd() {
        Detection detection = Detection.of(ExposedAdminService.FAMILY)
                .see(from(LAPTOP, SERVER, 22).answered())
                .see(from("90.90.0.201", SERVER, 22).answered().at(3_700))
                .see(from(LAPTOP, SERVER, 22).answered().at(MIDNIGHT + 10));

        detection.until(MIDNIGHT + DAY - 1);

        assertThat(detection.alerts())
                .filteredOn(alert -> alert.activity() != Activity.UPDATE)
                .extracting(Alert::activity)
                .containsExactly(Activity.CREATE, Activity.CLOSE, Activity.CREATE);
        Alert close = detection.alerts().get(1);
        assertThat(close.timeMillis()).isEqualTo((T0 + MIDNIGHT) * 1000);
        assertThat(close.count()).isEqualTo(2);
        assertThat(close.numbers()).containsEntry("originators", 2L);
        assertThat(detection.creates().get(0).findingId())
                .isEqualTo(Detection.findingId(
                        "exposed-admin-service", 1, "vpc-1", "responder=172.31.22.145 port=22", T0 + MIDNIGHT - DAY));
    }

    @Test
    void aSessionThatEndsAfterMidnightBelongsToTheDayOfItsStart() {
        Detection detection = Detection.of(ExposedAdminService.FAMILY)
                .see(from(LAPTOP, SERVER, 22).answered().decided(MIDNIGHT + 40_000))
                .see(from(LAPTOP, SERVER, 22).answered().at(1).decided(MIDNIGHT + 60_000));

        detection.until(MIDNIGHT + 80_000);

        assertThat(detection.alerts()).extracting(Alert::activity).containsExactly(Activity.CREATE, Activity.CLOSE);
        assertThat(detection.creates().get(0).findingId())
                .isEqualTo(Detection.findingId(
                        "exposed-admin-service", 1, "vpc-1", "responder=172.31.22.145 port=22", T0 + MIDNIGHT - DAY));
    }

    @Test
    void databasePortsCountToo() {
        Detection detection = Detection.of(ExposedAdminService.FAMILY)
                .see(from(LAPTOP, SERVER, 27_018).answered());

        assertThat(detection.until(5_000).alerts()).hasSize(1);
    }

    @Test
    void aConnectionCutByTheEndOfTheInputWasAnsweredAllTheSame() {
        Detection detection = Detection.of(ExposedAdminService.FAMILY)
                .see(from(LAPTOP, SERVER, 22).answered().ended(EndReason.END_OF_INPUT));

        assertThat(detection.finish().creates()).hasSize(1);
    }

    @Test
    void aPublicWebServerIsNoAdminService() {
        Detection detection = Detection.of(ExposedAdminService.FAMILY)
                .see(from(LAPTOP, SERVER, 443).answered());

        assertThat(detection.until(5_000).all()).isEmpty();
    }

    @Test
    void theBastionInsideIsNotPublic() {
        Detection detection = Detection.of(ExposedAdminService.FAMILY)
                .see(from("10.0.0.4", SERVER, 22).answered())
                .see(from("100.64.0.4", SERVER, 22).answered())
                .see(from("169.254.1.4", SERVER, 22).answered());

        assertThat(detection.until(5_000).all()).isEmpty();
    }

    @Test
    void anAttemptWithoutAnAnswerExposesNothing() {
        Detection detection = Detection.of(ExposedAdminService.FAMILY)
                .see(from(LAPTOP, SERVER, 22).unanswered())
                .see(from(LAPTOP, SERVER, 22)
                        .saw("eni-web", true, Action.ACCEPT, 2)
                        .saw("eni-web", false, Action.REJECT, 18))
                .see(from(LAPTOP, SERVER, 22)
                        .saw("eni-web", true, Action.ACCEPT, 2)
                        .saw("eni-web", false, Action.ACCEPT, 4));

        assertThat(detection.until(5_000).all()).isEmpty();
    }

    @Test
    void aGuessedDirectionExposesNothing() {
        Detection detection = Detection.of(ExposedAdminService.FAMILY)
                .see(from(LAPTOP, SERVER, 22).answered().guessed());

        assertThat(detection.until(5_000).all()).isEmpty();
    }

    @Test
    void knownSourcesAloneAreLowUntilAnotherOneComes() {
        Detection detection = Detection.of(
                ExposedAdminService.FAMILY,
                """
                rules:
                  exposed-admin-service:
                    allow:
                      - {source: 90.90.0.0/24, reason: "our office"}
                """);
        detection.see(from(LAPTOP, SERVER, 22).answered());
        detection.see(from("91.0.0.1", SERVER, 22).answered().at(3_700));

        detection.until(MIDNIGHT + 200);

        assertThat(detection.alerts())
                .extracting(Alert::activity, Alert::severity)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Activity.CREATE, Severity.LOW),
                        org.assertj.core.groups.Tuple.tuple(Activity.UPDATE, Severity.HIGH),
                        org.assertj.core.groups.Tuple.tuple(Activity.CLOSE, Severity.HIGH));
    }

    @Test
    void aStrangersSessionThatEndsTheNextDayMakesTheClosedFindingOfItsDayWorse() {
        Detection detection = Detection.of(
                ExposedAdminService.FAMILY,
                "rules: {exposed-admin-service: {allow: [{source: 90.90.0.0/24, reason: our office}]}}");
        detection.see(from(LAPTOP, SERVER, 22).answered());
        detection.see(from("91.0.0.1", SERVER, 22).answered().at(3_600).decided(MIDNIGHT + 7_200));
        detection.see(from("91.0.0.2", SERVER, 22).answered().at(3_600).decided(MIDNIGHT + 14_400));

        detection.until(20 * DAY);

        assertThat(detection.alerts())
                .extracting(Alert::activity, Alert::severity, alert -> alert.numbers()
                        .get("originators"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Activity.CREATE, Severity.LOW, 1L),
                        org.assertj.core.groups.Tuple.tuple(Activity.CLOSE, Severity.LOW, 1L),
                        org.assertj.core.groups.Tuple.tuple(Activity.UPDATE, Severity.HIGH, 2L));
        assertThat(detection.alerts())
                .extracting(Alert::findingId)
                .containsOnly(detection.alerts().get(0).findingId());
        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void anEntryWithoutASourceSuppresses() {
        Detection detection = Detection.of(
                ExposedAdminService.FAMILY,
                """
                rules:
                  exposed-admin-service:
                    allow:
                      - {destination: 172.31.22.145, port: 22, reason: "the bastion"}
                """);
        detection.see(from(LAPTOP, SERVER, 22).answered());

        detection.until(5_000);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).singleElement().satisfies(alert -> assertThat(alert.suppressedBy())
                .isEqualTo("allow destination=172.31.22.145 port=22 reason=the bastion"));
    }
}
