package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.local.FindingsDiff.Kind;
import io.flowsentinel.sink.Feed;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two runs made up of a few messages. */
class FindingsDiffTest {

    private static final Instant FROM = Instant.parse("2026-01-15T09:00:00Z");
    private static final Instant TO = Instant.parse("2026-01-15T12:00:00Z");
    private static final ComparedRange RANGE = new ComparedRange(FROM, TO);

    private final Messages before = new Messages();
    private final Messages after = new Messages();

    @Test
    void whatBothSayIsTheSame() throws IOException {
        before.alert("a", "Create", 10, "high", 5).alert("a", "Close", 20, "high", 7);
        after.alert("a", "Close", 20, "high", 7);

        assertThat(diff()).isEqualTo(new FindingsDiff(1, List.of()));
    }

    @Test
    void newAndGoneAreSeenFromTheFirstRun() throws IOException {
        before.alert("gone", "Create", 10, "high", 5);
        after.alert("new", "Create", 60, "high", 5);

        assertThat(diff().differences())
                .extracting(one -> one.finding().id(), FindingsDiff.Difference::kind)
                .containsExactlyInAnyOrder(tuple("gone", Kind.GONE), tuple("new", Kind.NEW));
    }

    @Test
    void aChangeNamesWhatIsOtherwise() throws IOException {
        before.alert("a", "Create", 10, "high", 5);
        after.alert("a", "Create", 10, "medium", 5).alert("a", "Close", 30, "medium", 8);

        FindingsDiff diff = diff();

        assertThat(diff.count(Kind.CHANGED)).isEqualTo(1);
        assertThat(diff.differences().get(0).changes())
                .extracting(FindingsDiff.Change::field, FindingsDiff.Change::before, FindingsDiff.Change::after)
                .containsExactly(
                        tuple("severity", "high", "medium"),
                        tuple("status", "open", "closed"),
                        tuple("count", "5", "8"),
                        tuple("numbers.ports", "5", "8"));
    }

    /** As after a lowered threshold: alerted a minute earlier, the finding has another id. */
    @Test
    void theSameDoingAlertedAtAnotherMomentIsAChangeAndNotGoneAndNew() throws IOException {
        before.alert("a", "Create", 10, "high", 5).alert("a", "Close", 30, "high", 84);
        after.alert("b", "Create", 9, "medium", 5).alert("b", "Close", 30, "medium", 84);

        FindingsDiff diff = diff();

        assertThat(diff.differences()).singleElement().satisfies(one -> assertThat(
                        List.of(one.kind(), one.finding().id(), one.formerId()))
                .isEqualTo(List.of(Kind.CHANGED, "b", "a")));
        assertThat(diff.differences().get(0).changes())
                .containsExactly(
                        new FindingsDiff.Change("severity", "high", "medium"),
                        new FindingsDiff.Change("alerted", "2026-01-15T09:10:00Z", "2026-01-15T09:09:00Z"));
        assertThat(new DiffTable(false).of(diff, RANGE, finding -> List.of()))
                .contains("         severity high -> medium; alerted 2026-01-15T09:10:00Z -> 2026-01-15T09:09:00Z");
    }

    @Test
    void eachFindingHasOneCounterpartTheEarliest() throws IOException {
        before.alert("a", "Create", 10, "high", 5);
        after.alert("late", "Create", 12, "high", 5).alert("early", "Create", 9, "high", 5);

        assertThat(diff().differences())
                .extracting(one -> one.finding().id(), FindingsDiff.Difference::kind, FindingsDiff.Difference::formerId)
                .containsExactly(tuple("early", Kind.CHANGED, "a"), tuple("late", Kind.NEW, null));
    }

    @ParameterizedTest
    @CsvSource({"host-sweep, 203.0.113.66, vpc-1", "port-scan, 203.0.113.67, vpc-1", "port-scan, 203.0.113.66, vpc-2"})
    void anotherRuleEntityOrScopeIsAnotherFinding(String rule, String originator, String scope) {
        Finding finding = finding("a", "port-scan", "203.0.113.66", "vpc-1", 10);
        Finding other = finding("b", rule, originator, scope, 10);

        assertThat(finding.isAbout(other)).isFalse();
        assertThat(finding.isAbout(finding("b", "port-scan", "203.0.113.66", "vpc-1", 10)))
                .isTrue();
    }

    @Test
    void whatBeganAfterTheEndIsAnotherFinding() {
        Finding finding = finding("a", "port-scan", "203.0.113.66", "vpc-1", 10);

        assertThat(finding.isAbout(finding("b", "port-scan", "203.0.113.66", "vpc-1", 16)))
                .isFalse();
        assertThat(finding("b", "port-scan", "203.0.113.66", "vpc-1", 16).isAbout(finding))
                .isFalse();
    }

    @Test
    void heldBackIsAChangeAndNotGone() throws IOException {
        before.alert("a", "Create", 10, "high", 5);
        after.suppressed("a", 10, "high", 5, "dry-run");

        assertThat(diff().differences().get(0).changes())
                .containsExactly(new FindingsDiff.Change("suppressed_by", "", "dry-run"));
    }

    @Test
    void whatWasDecidedOutsideTheRangeDoesNotCount() throws IOException {
        before.alert("earlier", "Create", -60, "high", 5)
                .alert("later", "Create", 200, "high", 5)
                .alert("a", "Create", 10, "high", 5)
                .alert("a", "Update", 200, "high", 50);
        after.alert("a", "Create", 10, "high", 5);

        assertThat(diff()).isEqualTo(new FindingsDiff(1, List.of()));
    }

    @Test
    void theTableIsAlignedAndNamesWhatCameLate() throws IOException {
        before.alert("a", "Create", 10, "high", 5);
        after.alert("b", "Create", 20, "low", 5).alert("a", "Create", 10, "medium", 5);

        List<String> lines = new DiffTable(false).of(diff(), RANGE, finding -> List.of("late record: here"));

        assertThat(lines)
                .containsExactly(
                        "Findings: 0 the same, 1 new, 0 gone, 1 changed",
                        "CHANGED  2026-01-15T09:05:00Z  MEDIUM  port-scan  Port scan by a  [originator=203.0.113.66]",
                        "         severity high -> medium",
                        "         late record: here",
                        "NEW      2026-01-15T09:15:00Z  LOW     port-scan  Port scan by b  [originator=203.0.113.66]",
                        "         late record: here");
    }

    @Test
    void onATerminalTheKindHasAColour() throws IOException {
        after.alert("b", "Create", 20, "low", 5);

        assertThat(new DiffTable(true).of(diff(), RANGE, finding -> List.of()).get(1))
                .startsWith("\u001b[32mNEW    \u001b[0m")
                .contains("\u001b[36mLOW   \u001b[0m");
    }

    @Test
    void theRulesAndListsOfBothAreReadFromTheirFindings() throws IOException {
        before.alert("a", "Create", 10, "high", 5);
        Finding listed = Finding.of(new AlertFields(listMatch()), new AlertFields(listMatch()));

        assertThat(Conditions.of(FindingBook.of(before, RANGE).values()))
                .isEqualTo(new Conditions(Set.of("656a"), Set.of()));
        assertThat(Conditions.of(List.of(listed)))
                .isEqualTo(new Conditions(Set.of("77aa"), Set.of("blocked.txt 1f2e")));
    }

    @Test
    void otherRulesOrListsAreSaidForTheyMayBeTheDifference() {
        Conditions live = new Conditions(Set.of("656a"), Set.of("blocked.txt 1f"));

        assertThat(live.against(live)).containsExactly("Rules    656a, the same");
        assertThat(live.against(new Conditions(Set.of("77aa"), Set.of())))
                .containsExactly(
                        "Rules    656a -> 77aa, not the same: findings may differ for that",
                        "Lists    blocked.txt 1f -> none seen, not the same: list-match may differ for that (lists.files)");
    }

    @Test
    void whatReachesOverAnEndOfTheRangeIsMarked() throws IOException {
        after.alert("b", "Create", 175, "low", 5);

        assertThat(new DiffTable(false).of(diff(), RANGE, finding -> List.of()))
                .contains("         at an end of the range: what lies beyond it may be the difference");
    }

    @Test
    void theJsonHoldsTheSame() throws IOException {
        before.alert("a", "Create", 10, "high", 5);
        after.alert("b", "Create", 20, "low", 5).alert("a", "Create", 10, "medium", 5);

        JsonNode json = new DiffJson("live", "replay")
                .json(
                        new DiffJson.Compared(
                                diff(),
                                new Conditions(Set.of("656a"), Set.of("blocked.txt 1f")),
                                new Conditions(Set.of("656a"), Set.of())),
                        RANGE,
                        finding -> List.of("why"));

        assertThat(json.get("before").asText()).isEqualTo("live");
        assertThat(json.get("from").asText()).isEqualTo(FROM.toString());
        assertThat(json.at("/new/0/finding_id").asText()).isEqualTo("b");
        assertThat(json.at("/new/0/former_finding_id").isNull()).isTrue();
        assertThat(json.at("/changed/0/former_finding_id").asText()).isEqualTo("a");
        assertThat(json.at("/changed/0/changes/0/after").asText()).isEqualTo("medium");
        assertThat(json.at("/changed/0/late/0").asText()).isEqualTo("why");
        assertThat(json.get("gone")).isEmpty();
        assertThat(json.at("/rules_after/0").asText()).isEqualTo("656a");
        assertThat(json.at("/lists_before/0").asText()).isEqualTo("blocked.txt 1f");
        assertThat(json.get("lists_after")).isEmpty();
    }

    private static JsonNode listMatch() throws IOException {
        return new ObjectMapper()
                .readTree("{\"time\":0,\"activity_name\":\"Create\",\"unmapped\":{\"rules_version\":\"77aa\","
                        + "\"context\":{\"list\":\"blocked.txt\",\"list_version\":\"1f2e\"}}}");
    }

    /** Of five minutes. */
    private static Finding finding(String id, String rule, String originator, String scope, int minute) {
        Instant begin = FROM.plusSeconds(minute * 60L);
        return new Finding(
                id,
                rule,
                "high",
                "open",
                "",
                5,
                Map.of(),
                "",
                begin,
                begin,
                begin.plusSeconds(300),
                scope,
                Map.of("originator", originator),
                "656a",
                "");
    }

    private FindingsDiff diff() throws IOException {
        return FindingsDiff.of(FindingBook.of(before, RANGE), FindingBook.of(after, RANGE));
    }

    /** A run's messages, in the schema of the feed as far as it matters. */
    private static final class Messages implements Feeds {

        private static final ObjectMapper JSON = new ObjectMapper();

        private final Map<Feed, List<JsonNode>> rows = new EnumMap<>(Feed.class);

        /** @param minute after the beginning of the range in which it was decided */
        private Messages alert(String id, String activity, int minute, String severity, int ports) throws IOException {
            return add(Feed.ALERTS, id, activity, minute, severity, ports, "");
        }

        private Messages suppressed(String id, int minute, String severity, int ports, String by) throws IOException {
            return add(Feed.SUPPRESSED, id, "Create", minute, severity, ports, ",'suppressed_by':'" + by + "'");
        }

        private Messages add(Feed feed, String id, String activity, int minute, String severity, int ports, String rest)
                throws IOException {
            long time = FROM.plusSeconds(minute * 60L).toEpochMilli();
            String json = "{'activity_name':'" + activity + "','severity':'" + severity + "','time':" + time
                    + ",'metadata':{'event_code':'port-scan'},'finding_info':{'uid':'" + id
                    + "','title':'Port scan by " + id + "','first_seen_time':" + (time - 300_000)
                    + ",'last_seen_time':" + time + ",'related_events_count':" + ports
                    + "},'unmapped':{'entity':{'originator':'203.0.113.66'},'numbers':{'ports':" + ports
                    + "},'rules_version':'656a'" + rest
                    + "}}";
            rows.computeIfAbsent(feed, first -> new ArrayList<>()).add(JSON.readTree(json.replace('\'', '"')));
            return this;
        }

        @Override
        public List<JsonNode> read(Feed feed) {
            return rows.getOrDefault(feed, List.of());
        }

        @Override
        public String place() {
            return "made up";
        }
    }
}
