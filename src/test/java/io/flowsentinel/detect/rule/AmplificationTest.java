package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static io.flowsentinel.detect.judging.Records.answers;
import static io.flowsentinel.detect.judging.Records.asks;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.Replays;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Records;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.FoldedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AmplificationTest {

    private static final String REFLECTOR = "10.0.1.5";
    private static final String VICTIM = "203.0.113.9";
    private static final long DONE = 1_200;

    @Test
    void aThousandLargeAnswersToSmallRequestsAreAmplification() {
        Detection detection = new Attack().run();

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("amplification");
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.timeMillis()).isEqualTo((T0 + 60) * 1_000);
            assertThat(alert.entity())
                    .containsExactly(new EntityField("responder", REFLECTOR), new EntityField("port", "53"));
            assertThat(alert.title())
                    .isEqualTo("Amplification: 10.0.1.5 UDP port 53 answered 1000 connections with 1000000 bytes,"
                            + " up to 5 times what was asked");
            assertThat(alert.numbers())
                    .containsEntry("connections", 1_000L)
                    .containsEntry("bytes", 1_000_000L)
                    .containsEntry("factor", 5L);
        });
    }

    @Test
    void fewerConnectionsSmallerAnswersOrASmallerFactorAreNone() {
        Attack fewer = new Attack();
        fewer.connections = 999;
        Attack smaller = new Attack();
        smaller.answered = 999_999;
        Attack lesser = new Attack();
        lesser.asked = 200_001;

        assertThat(fewer.run().all()).isEmpty();
        assertThat(smaller.run().all()).isEmpty();
        assertThat(lesser.run().all()).isEmpty();
    }

    @Test
    void everyListedPortAndNoOtherAmplifies() {
        for (int port : new int[] {19, 53, 123, 161, 389, 1_900, 11_211}) {
            Attack attack = new Attack();
            attack.port = port;
            assertThat(attack.run().creates()).hasSize(1);
        }
        Attack game = new Attack();
        game.port = 27_015;
        assertThat(game.run().all()).isEmpty();
    }

    @Test
    void aResolverForTheInsideIsNone() {
        Attack attack = new Attack();
        attack.victim = "10.0.2.9";

        assertThat(attack.run().all()).isEmpty();
    }

    @Test
    void whatAnInternalOriginatorGetsFromOutsideIsNone() {
        Attack attack = new Attack();
        attack.reflector = "203.0.113.53";
        attack.victim = REFLECTOR;

        assertThat(attack.run().all()).isEmpty();
    }

    @Test
    void rejectedAnswersAndOtherInterfacesViewsAreNone() {
        Attack rejected = new Attack();
        rejected.answer = Records::rejected;
        Attack elsewhere = new Attack();
        elsewhere.answer = record -> record.going(FlowDirection.INGRESS);
        Attack overTcp = new Attack();
        overTcp.answer = record -> record.protocol(FlowRecord.TCP);

        assertThat(rejected.run().all()).isEmpty();
        assertThat(elsewhere.run().all()).isEmpty();
        assertThat(overTcp.run().all()).isEmpty();
    }

    @Test
    void withoutLoggedRequestsNobodyCanTell() {
        Attack attack = new Attack();
        attack.asked = 0;

        assertThat(attack.run().all()).isEmpty();
    }

    @Test
    void connectionsThatNobodyAnsweredDoNotCount() {
        Attack attack = new Attack();
        attack.kind = connection -> connection.state(ConnState.S0);

        assertThat(attack.run().all()).isEmpty();
    }

    @Test
    void answersOfAQuarterOfAnHourBelongTogether() {
        assertThat(inTwoHalves(14 * 60).creates()).hasSize(1);
        assertThat(inTwoHalves(15 * 60).all()).isEmpty();
    }

    @Test
    void anAllowListCoversTheConnections() {
        Attack attack = new Attack();
        attack.rules = "rules: {amplification: {allow: [{destination: 10.0.1.5, port: 53, reason: public zone}]}}";

        assertThat(attack.run().all()).singleElement().satisfies(alert -> assertThat(alert.suppressedBy())
                .isEqualTo("allow destination=10.0.1.5 port=53 reason=public zone"));
    }

    @Test
    void neitherOrderNorStepsShow() {
        List<Connection> connections = new ArrayList<>();
        List<FoldedRecord> records = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            connections.add(connection(i, 53).at(i / 3).decided(i / 3 + 300).close());
            records.add(asks(VICTIM, i, REFLECTOR, 53)
                    .carrying(1, 60)
                    .at(i / 3)
                    .lasting(i % 45)
                    .going(FlowDirection.INGRESS)
                    .fold());
            records.add(answers(REFLECTOR, 53, VICTIM, i)
                    .carrying(2, 3_000)
                    .at(i / 3)
                    .lasting(i % 45)
                    .fold());
        }

        List<Alert> alerts = Replays.alike(Amplification.FAMILY, connections, records, 9_000);

        assertThat(alerts).extracting(Alert::activity).containsExactly(Activity.CREATE, Activity.CLOSE);
        assertThat(alerts.get(1).numbers()).containsEntry("connections", 2_000L).containsEntry("bytes", 6_000_000L);
    }

    private static Detection inTwoHalves(long apart) {
        Detection detection = Detection.of(Amplification.FAMILY);
        Attack half = new Attack();
        half.connections = 500;
        half.answered = 500_000;
        half.asked = 100_000;
        half.feed(detection, 0);
        half.feed(detection, apart);
        return detection.until(3_000);
    }

    private static Connections connection(int i, int port) {
        return from(VICTIM, 1_024 + i, REFLECTOR, port).protocol(FlowRecord.UDP).state(ConnState.SF);
    }

    /** Requests in the name of one victim, by default just enough of everything. */
    private static final class Attack {
        String rules = "";
        String reflector = REFLECTOR;
        String victim = VICTIM;
        int port = 53;
        int connections = 1_000;
        long asked = 200_000;
        long answered = 1_000_000;
        UnaryOperator<Connections> kind = connection -> connection;
        UnaryOperator<Records> answer = record -> record;

        Detection run() {
            Detection detection = Detection.of(Amplification.FAMILY, rules);
            feed(detection, 0);
            return detection.until(DONE);
        }

        void feed(Detection detection, long at) {
            for (int i = 0; i < connections; i++) {
                Connections connection = from(victim, 1_024 + i, reflector, port)
                        .protocol(FlowRecord.UDP)
                        .state(ConnState.SF)
                        .at(at);
                detection.see(kind.apply(connection));
            }
            detection.see(asks(victim, 40_000, reflector, port)
                    .carrying(asked / 60, asked)
                    .at(at)
                    .going(FlowDirection.INGRESS)
                    .fold());
            detection.see(answer.apply(answers(reflector, port, victim, 40_000)
                            .carrying(answered / 1_000, answered)
                            .at(at))
                    .fold());
        }
    }
}
