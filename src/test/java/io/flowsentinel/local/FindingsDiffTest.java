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
import org.junit.jupiter.api.Test;

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
        after.alert("new", "Create", 10, "high", 5);

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
    void whatReachesOverAnEndOfTheRangeIsMarked() throws IOException {
        after.alert("b", "Create", 175, "low", 5);

        assertThat(new DiffTable(false).of(diff(), RANGE, finding -> List.of()))
                .contains("         at an end of the range: what lies beyond it may be the difference");
    }

    @Test
    void theJsonHoldsTheSame() throws IOException {
        before.alert("a", "Create", 10, "high", 5);
        after.alert("b", "Create", 20, "low", 5).alert("a", "Create", 10, "medium", 5);

        JsonNode json = new DiffJson("live", "replay").json(diff(), RANGE, finding -> List.of("why"));

        assertThat(json.get("before").asText()).isEqualTo("live");
        assertThat(json.get("from").asText()).isEqualTo(FROM.toString());
        assertThat(json.at("/new/0/finding_id").asText()).isEqualTo("b");
        assertThat(json.at("/changed/0/changes/0/after").asText()).isEqualTo("medium");
        assertThat(json.at("/changed/0/late/0").asText()).isEqualTo("why");
        assertThat(json.get("gone")).isEmpty();
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
                    + "},'unmapped':{'entity':{'originator':'203.0.113.66'},'numbers':{'ports':" + ports + "}" + rest
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
