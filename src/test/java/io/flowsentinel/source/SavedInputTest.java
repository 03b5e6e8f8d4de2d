package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.source.discovery.ObjectFilter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A savepoint of a live job that has handed out an object of ten o'clock. */
final class SavedInputTest {

    private static final String ROOT = "s3://logs";
    private static final Instant TEN = Instant.parse("2026-01-15T10:00:00Z");
    private static final SourceSettings LIVE =
            SourceSettings.bounded(List.of(ROOT)).continuously(Duration.ofSeconds(30));

    @ParameterizedTest
    @CsvSource({"2026-01-15T09:30:00Z, false", "2026-01-15T10:00:00Z, false", "2026-01-15T10:00:00Z, true"})
    void anEndThatTheSavepointIsPastIsRefusedByName(Instant to, boolean otherInput) {
        SourceSettings settings = SourceSettings.bounded(List.of(ROOT)).withRange(null, to);

        assertThatThrownBy(() -> SavedInput.check(saved(), otherInput ? settings.withOtherInputAllowed() : settings))
                .isInstanceOf(RangeIsOver.class)
                .hasMessage(
                        "source.to: '" + to + "' is not after the savepoint, which has read up to the delivery slot "
                                + TEN + "; expected a later moment, or an earlier savepoint");
    }

    @Test
    void anEndThatIsStillToComeIsNot() {
        SourceSettings settings = SourceSettings.bounded(List.of(ROOT)).withRange(null, TEN.plusSeconds(300));

        assertThatCode(() -> SavedInput.check(saved(), settings)).doesNotThrowAnyException();
        assertThatCode(() -> SavedInput.check(saved(), LIVE)).doesNotThrowAnyException();
    }

    /** A quiet hour of a live job, or a bounded reading that has forgotten what it had handed out. */
    @Test
    void anEndThatEventTimeIsPastIsRefusedWhereNothingIsKnownOfItsObjects() {
        SourceSettings settings = SourceSettings.bounded(List.of(ROOT)).withRange(null, TEN);

        assertThatThrownBy(() -> SavedInput.check(saved(TEN, Map.of()), settings))
                .isInstanceOf(RangeIsOver.class)
                .hasMessageContaining("has read up to the delivery slot " + TEN);
    }

    @Test
    void theEndToWhichTheSavepointWasReadIsNot() {
        SourceSettings settings = SourceSettings.bounded(List.of(ROOT)).withRange(null, TEN.plusSeconds(300));

        assertThatCode(() -> SavedInput.check(saved(TEN, Map.of()), settings)).doesNotThrowAnyException();
        assertThatCode(() -> SavedInput.check(saved(TEN, Map.of()), settings.continuously(Duration.ofSeconds(30))))
                .doesNotThrowAnyException();
    }

    /** Nothing of what the savepoint has read is gone on with. */
    @Test
    void anEarlierEndOfAReadingThatBeginsAnewIsNot() {
        SourceSettings settings = SourceSettings.bounded(List.of(ROOT))
                .withFilter(ObjectFilter.of(List.of("123456789012"), List.of(), List.of()))
                .withRange(null, TEN.minusSeconds(3600));

        assertThatCode(() -> SavedInput.check(saved(), settings)).doesNotThrowAnyException();
    }

    @Test
    void anotherInputIsRefused() {
        assertThatThrownBy(() -> SavedInput.check(saved(), SourceSettings.bounded(List.of("s3://other"))))
                .isInstanceOf(OtherInput.class);
    }

    private static byte[] saved() throws IOException {
        return saved(TEN.minusSeconds(300), Map.of(TEN.getEpochSecond(), Set.of(Fingerprint.of("object"))));
    }

    /** As Flink writes the state of a source's coordinator. */
    private static byte[] saved(Instant closedSlot, Map<Long, Set<Fingerprint>> taken) throws IOException {
        DiscoveryProgress progress = new DiscoveryProgress(
                LIVE.rangeId(List.of(ROOT)),
                closedSlot.getEpochSecond(),
                TEN.getEpochSecond(),
                false,
                1,
                Long.MIN_VALUE,
                taken,
                0,
                Set.of(),
                0,
                0,
                List.of(),
                Map.of(ROOT, Long.MIN_VALUE));
        DiscoveryProgressSerializer serializer = new DiscoveryProgressSerializer();
        byte[] serialized = serializer.serialize(progress);
        DataOutputSerializer out = new DataOutputSerializer(serialized.length);
        out.writeInt(0);
        out.writeInt(serializer.getVersion());
        out.writeInt(serialized.length);
        out.write(serialized);
        return out.getCopyOfBuffer();
    }
}
