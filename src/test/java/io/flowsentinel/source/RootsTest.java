package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RootsTest {

    private static final long ALWAYS = Long.MIN_VALUE;
    private static final long CLOSED = 600;

    @ParameterizedTest
    @CsvSource({"s3://logs/a, s3://logs/a/", "/logs/a, file:///logs/a/", "file:/logs/a, file:///logs/a"})
    void aPlaceIsTheSameHoweverItIsWritten(String one, String other) {
        assertThat(Roots.place(one)).isEqualTo(Roots.place(other));
    }

    @ParameterizedTest
    @CsvSource({
        "s3://logs, s3://logs/",
        "s3://logs/central, s3a://logs/central",
        "s3a://logs, s3://logs",
        "s3://logs, s3://logs/central",
        "s3://logs/central/AWSLogs, s3://logs/central",
        "/logs/a, file:///logs/a/",
    })
    void aPlaceThatIsWrittenOtherwiseOrContainsTheFormerIsNoOtherInput(String former, String now) {
        assertThatCode(() ->
                        Roots.check(List.of("s3://quite-other", now), progress(Map.of(Roots.place(former), ALWAYS))))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "s3://logs, s3://logs-copy",
        "s3://logs/central, s3://logs/other",
        "s3://logs, file:/logs",
    })
    void aPlaceThatHasNothingToDoWithTheFormerIsRefusedByName(String former, String now) {
        assertThatThrownBy(() -> Roots.check(List.of(now), progress(Map.of(former, ALWAYS))))
                .isInstanceOf(OtherInput.class)
                .hasMessage(
                        "source.uri: '" + now + "' has nothing to do with what the savepoint was taken over, " + former
                                + "; expected one of its roots among them, or source.allow-other-input=true where another input"
                                + " is meant");
    }

    @Test
    void oneRootInCommonIsEnough() {
        assertThatCode(() ->
                        Roots.check(List.of("s3://b", "s3://c"), progress(Map.of("s3://a", ALWAYS, "s3://b", ALWAYS))))
                .doesNotThrowAnyException();
    }

    @Test
    void manyRootsMakeNoLongMessage() {
        List<String> many =
                IntStream.range(0, 1000).mapToObj(i -> "s3://logs-" + i).toList();

        assertThatThrownBy(() -> Roots.check(many, progress(Map.of("s3://a", ALWAYS))))
                .hasMessageStartingWith("source.uri: 's3://logs-0, s3://logs-1, s3://logs-2 and 997 more' has");
    }

    @Test
    void aRootThatIsAddedBeginsBehindTheClosedSlotAndKnownOnesGoOn() {
        DiscoveryProgress restored = progress(Map.of("s3://a", ALWAYS, "s3://b", 301L, "s3://gone", ALWAYS));

        Roots roots = Roots.of(List.of("s3://a", "s3://b/", "s3://c"), restored);

        assertThat(roots.begins())
                .containsExactlyInAnyOrderEntriesOf(Map.of("s3://a", ALWAYS, "s3://b", 301L, "s3://c", CLOSED + 1));
        assertThat(roots.added(restored)).containsOnlyKeys("s3://c");
        assertThat(roots.left(restored)).containsExactly("s3://gone");
        assertThat(roots.want("s3://c/key", CLOSED)).isFalse();
        assertThat(roots.want("s3://c/key", CLOSED + 300)).isTrue();
        assertThat(roots.want("s3://a/key", 0)).isTrue();
        assertThat(roots.want("s3://b/key", 0)).isFalse();
    }

    /** Of the same bucket with another folder, or more of it. */
    @Test
    void aFolderOfAKnownRootGoesOnAndSoDoesTheKnownFolderOfALargerRoot() {
        Roots smaller = Roots.of(List.of("s3://a/folder"), progress(Map.of("s3://a", ALWAYS)));
        Roots larger = Roots.of(List.of("s3://a"), progress(Map.of("s3://a/folder", ALWAYS)));

        assertThat(smaller.begins()).isEqualTo(Map.of("s3://a/folder", ALWAYS));
        assertThat(larger.want("s3://a/folder/key", 0)).isTrue();
        assertThat(larger.want("s3://a/other/key", 0)).isFalse();
    }

    @Test
    void whereNothingWasReadYetAllRootsBeginWithTheRange() {
        DiscoveryProgress none = DiscoveryProgress.none(SourceSettings.bounded(List.of("s3://a")));

        assertThat(Roots.of(List.of("s3://a", "s3://b"), none).begins())
                .isEqualTo(Map.of("s3://a", ALWAYS, "s3://b", ALWAYS));
    }

    private static DiscoveryProgress progress(Map<String, Long> roots) {
        return new DiscoveryProgress(
                "range", CLOSED, CLOSED, false, 0, ALWAYS, Map.of(), 0, Set.of(), 0, 0, List.of(), roots);
    }
}
