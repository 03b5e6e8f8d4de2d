package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static io.flowsentinel.detect.settings.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.settings.AddressLists;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.detect.settings.RulesFiles;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListMatchTest {

    private static final String HOST = "10.0.1.5";
    private static final String LISTED = "203.0.113.9";
    private static final long HOUR = 3_600;

    @TempDir
    Path folder;

    private AddressLists lists;
    private String version;

    @BeforeEach
    void list() throws IOException {
        lists = lists(list("blocked.txt", "203.0.113.0/24\n2001:db8:bad::/48\n10.0.0.0/8\n"));
        version = versionOf(lists);
    }

    @Test
    void anAnsweredConnectionToAListedAddressIsContact() {
        Detection detection = detection("").see(from(HOST, LISTED, 443).answered());

        assertThat(detection.until(3 * HOUR).alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("list-match");
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.scope()).isNull();
            assertThat(alert.entity()).containsExactly(new EntityField("peer", LISTED));
            assertThat(alert.context()).containsEntry("contacted_hosts", "10.0.1.5");
            assertThat(alert.title())
                    .isEqualTo("Listed address: contact of 203.0.113.9 with 1 host (10.0.1.5), 1 connection");
            assertThat(alert.numbers())
                    .containsEntry("hosts", 1L)
                    .containsEntry("contacted_hosts", 1L)
                    .containsEntry("connections", 1L);
            assertThat(alert.context())
                    .containsEntry("list", "blocked.txt")
                    .containsEntry("list_version", version)
                    .containsEntry("list_entry", "203.0.113.0/24");
        });
    }

    @Test
    void theListedSideMayBeTheOriginator() {
        Detection detection = detection("").see(from(LISTED, HOST, 22).answered());

        assertThat(detection.until(3 * HOUR).alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.entity()).containsExactly(new EntityField("peer", LISTED));
        });
    }

    @Test
    void whatWasDeniedIsForInformation() {
        Detection detection = detection("")
                .see(from(LISTED, HOST, 22).denied())
                .see(from(LISTED, "10.0.1.6", 22).denied());

        assertThat(detection.until(3 * HOUR).alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.INFORMATIONAL);
            assertThat(alert.title()).isEqualTo("Listed address: 203.0.113.9 and 2 hosts, 2 connections denied");
        });
    }

    @Test
    void contactAfterDenialsRaisesTheSeverityOfTheSameFinding() {
        Detection detection = detection("").see(from(HOST, LISTED, 22).denied());
        detection.until(3 * HOUR);
        detection.see(from(HOST, LISTED, 443).at(4 * HOUR).answered());

        List<Alert> alerts = detection.until(10 * HOUR).alerts();

        assertThat(alerts).extracting(Alert::activity).startsWith(Activity.CREATE, Activity.UPDATE);
        assertThat(alerts)
                .extracting(Alert::findingId)
                .containsOnly(alerts.get(0).findingId());
        assertThat(alerts.get(1).severity()).isEqualTo(Severity.HIGH);
        assertThat(alerts.get(1).title())
                .isEqualTo(
                        "Listed address: contact of 203.0.113.9 with 1 host (10.0.1.5), 1 connection, 1 connection denied");
    }

    @Test
    void theContactIsInTheEvidenceHoweverManyDenialsCameBefore() {
        Detection detection = detection("");
        for (int i = 0; i < 30; i++) {
            detection.see(from(HOST, LISTED, 22).at(i).denied());
        }
        detection.see(from(HOST, LISTED, 443).at(100).answered());
        detection.see(from(HOST, LISTED, 443).at(101).answered());

        Alert alert = detection.until(3 * HOUR).creates().get(0);

        Alert.Evidence last = alert.connections().get(Alert.MAX_EVIDENCE - 1);
        assertThat(alert.connections()).hasSize(Alert.MAX_EVIDENCE);
        assertThat(last.start()).isEqualTo(T0 + 100);
        assertThat(last.verdict()).isEqualTo(Verdict.ALLOWED);
        assertThat(alert.context()).containsEntry("first_contact", last.connectionId());
    }

    @Test
    void anAttemptThatPassedAndWasNotAnsweredIsNeither() {
        Detection detection = detection("")
                .see(from(HOST, LISTED, 443).unanswered())
                .see(from(HOST, LISTED, 443)
                        .at(1)
                        .state(ConnState.REJ)
                        .saw("eni-web", true, Action.ACCEPT, 2)
                        .saw("eni-web", false, Action.ACCEPT, 4));

        assertThat(detection.until(3 * HOUR).all()).isEmpty();
    }

    @Test
    void anAnswerNobodyAskedForIsNoContact() {
        Detection detection = detection("")
                .see(from(HOST, LISTED, 443)
                        .with(Trait.UNSOLICITED_SYNACK)
                        .state(ConnState.RSTRH)
                        .saw("eni-web", false, Action.ACCEPT, 18)
                        .saw("eni-web", true, Action.ACCEPT, 4));

        assertThat(detection.until(3 * HOUR).all()).isEmpty();
    }

    @Test
    void withoutFlagsPacketsBothWaysAreContact() {
        Detection both = detection("")
                .see(from(HOST, LISTED, 443)
                        .guessed()
                        .without(Trait.FLAGS_PRESENT)
                        .saw("eni-web", true, Action.ACCEPT, -1)
                        .saw("eni-web", false, Action.ACCEPT, -1));
        Detection one = detection("")
                .see(from(HOST, LISTED, 443)
                        .guessed()
                        .without(Trait.FLAGS_PRESENT)
                        .saw("eni-web", true, Action.ACCEPT, -1));

        assertThat(both.until(3 * HOUR).alerts()).hasSize(1);
        assertThat(one.until(3 * HOUR).all()).isEmpty();
    }

    @Test
    void udpHasToBeAnsweredToo() {
        Detection answered = detection("")
                .see(from(HOST, LISTED, 53)
                        .protocol(FlowRecord.UDP)
                        .saw("eni-web", true, Action.ACCEPT, 0)
                        .saw("eni-web", false, Action.ACCEPT, 0));
        Detection rejectedReply = detection("")
                .see(from(HOST, LISTED, 53)
                        .protocol(FlowRecord.UDP)
                        .verdict(Verdict.REPLY_DENIED)
                        .saw("eni-web", true, Action.ACCEPT, 0)
                        .saw("eni-web", false, Action.REJECT, 0));

        assertThat(answered.until(3 * HOUR).alerts()).hasSize(1);
        assertThat(rejectedReply.until(3 * HOUR).all()).isEmpty();
    }

    @Test
    void neitherUnlistedNorInternalAddressesMatch() {
        Detection detection = detection("")
                .see(from(HOST, "198.51.100.7", 443).answered())
                .see(from("10.0.1.6", HOST, 443).answered());

        assertThat(detection.until(3 * HOUR).all()).isEmpty();
    }

    @Test
    void onePeerIsOneInEveryScope() {
        Detection detection = detection("")
                .see(from(HOST, LISTED, 443).answered())
                .see(from("10.0.1.6", LISTED, 443).scope("vpc-2").answered());

        assertThat(detection.until(3 * HOUR).alerts()).singleElement().satisfies(alert -> assertThat(alert.numbers())
                .containsEntry("contacted_hosts", 2L));
    }

    @Test
    void everyListIsNamed() throws IOException {
        Path second = list("another.txt", "203.0.113.9\n");
        lists = lists(list("blocked.txt", "203.0.113.0/24\n"), second);
        Detection detection = detection("").see(from(HOST, LISTED, 443).answered());

        assertThat(detection.until(3 * HOUR).alerts()).singleElement().satisfies(alert -> assertThat(alert.context())
                .containsEntry("list", "another.txt, blocked.txt")
                .containsEntry("list_entry", "203.0.113.9, 203.0.113.0/24")
                .hasEntrySatisfying(
                        "list_version", text -> assertThat(text).startsWith(versionOf(lists(second)) + ", ")));
    }

    @Test
    void whatTheAllowListCoversIsHeldBack() {
        String rules = "rules: {list-match: {allow: [{source: 10.0.1.5, reason: honeypot}]}}";
        Detection detection = detection(rules).see(from(HOST, LISTED, 443).answered());

        detection.until(3 * HOUR);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).singleElement().satisfies(alert -> assertThat(alert.suppressedBy())
                .isEqualTo("allow source=10.0.1.5 reason=honeypot"));
    }

    @Test
    void theFindingIsOverADayAfterTheLastContactLeftTheWindow() {
        Detection detection = detection("").see(from(HOST, LISTED, 443).answered());

        assertThat(detection.until(100 * HOUR).alerts()).last().satisfies(alert -> {
            assertThat(alert.activity()).isEqualTo(Activity.CLOSE);
            assertThat(alert.count()).isEqualTo(1);
        });
        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void withoutListsNothingIsRouted() {
        assertThat(ListMatch.FAMILY.connectionRouter(Rules.defaults())).isNull();
    }

    @Test
    void alertsDoNotDependOnOrderOrOnStepsOfEventTime() {
        List<Connections> connections = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Connections one = from("10.0.1." + i % 7, LISTED, 443).at(i * HOUR / 4);
            connections.add(i % 3 == 0 ? one.denied() : one.answered());
            connections.add(
                    from("2001:db8:bad::" + i % 2, HOST, 22).at(i * 600L).denied());
        }
        List<Alert> expected = run(connections, 80 * HOUR);
        assertThat(expected)
                .filteredOn(alert -> alert.activity() == Activity.CREATE)
                .hasSize(3);

        for (int seed = 0; seed < 4; seed++) {
            Collections.shuffle(connections, new Random(seed));

            assertThat(run(connections, 600 + 5_003L * seed)).isEqualTo(expected);
        }
    }

    private List<Alert> run(List<Connections> connections, long step) {
        Detection detection = detection("");
        connections.forEach(detection::see);
        for (long time = 0; time < 80 * HOUR; time += step) {
            detection.until(time);
        }
        return detection.until(80 * HOUR).all();
    }

    private Detection detection(String yaml) {
        return Detection.of(ListMatch.FAMILY, Rules.load(yaml, "rules.yaml").withLists(lists));
    }

    private Path list(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static AddressLists lists(Path... files) {
        return new RulesFiles(null, List.of(files)).read().lists();
    }

    /** The version of a single list that has the listed address. */
    private static String versionOf(AddressLists list) {
        return list.find(ip(LISTED)).get(0).version();
    }
}
