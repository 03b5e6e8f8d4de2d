package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.source.discovery.DiscoverySettings;
import io.flowsentinel.source.lines.CorruptObjectException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AttemptsTest {

    private final IOException storageFault = new IOException("slow down");
    private final IOException corrupt = new CorruptObjectException("corrupt gzip");
    private final IOException refused = new IOException(
            "cannot open", new IOException("Access Denied (Service: S3, Status Code: 403, Request ID: 1)"));
    private final IOException missing = new IOException("cannot open", new FileNotFoundException("gone"));

    @Test
    void theWaitForAStorageDoublesUpToHalfAMinute() {
        Attempts attempts = attempts(8, Duration.ofSeconds(1));

        assertThat(List.of(1, 2, 4, 8, 16, 30, 30))
                .allSatisfy(seconds ->
                        assertThat(attempts.failed(storageFault, false)).isEqualTo(nanos(seconds)));
        assertThat(attempts.failed(storageFault, false)).isEqualTo(Attempts.NO_MORE);
        assertThat(attempts.failed()).isEqualTo(8);
    }

    @Test
    void aCorruptObjectHasOneMoreAttemptWithoutAWait() {
        Attempts attempts = attempts(5, Duration.ofSeconds(1));

        assertThat(attempts.failed(storageFault, false)).isEqualTo(nanos(1));
        assertThat(attempts.failed(corrupt, false)).isZero();
        assertThat(attempts.failed(storageFault, false)).isEqualTo(nanos(2));
        assertThat(attempts.failed(corrupt, false)).isEqualTo(Attempts.NO_MORE);
    }

    @Test
    void aMissingObjectHasOneMoreAttemptAfterAWait() {
        Attempts attempts = attempts(5, Duration.ofSeconds(1));

        assertThat(attempts.failed(missing, false)).isEqualTo(nanos(1));
        assertThat(attempts.failed(missing, false)).isEqualTo(Attempts.NO_MORE);
    }

    @Test
    void aRefusedObjectHasOneMoreAttemptAfterAWaitIfOthersCanBeRead() {
        Attempts attempts = attempts(5, Duration.ofSeconds(1));

        assertThat(attempts.failed(refused, false)).isEqualTo(nanos(1));
        assertThat(attempts.failed(storageFault, true)).isEqualTo(nanos(2));
        assertThat(attempts.failed(refused, true)).isEqualTo(Attempts.NO_MORE);
    }

    @Test
    void whereEverythingIsRefusedTheCredentialsMayYetBeRenewed() {
        Attempts attempts = attempts(5, Duration.ofSeconds(1));

        assertThat(List.of(1, 2, 4, 8)).allSatisfy(seconds -> assertThat(attempts.failed(refused, false))
                .isEqualTo(nanos(seconds)));
        assertThat(attempts.failed(refused, false)).isEqualTo(Attempts.NO_MORE);
    }

    @Test
    void anOutageLongerThanThePatienceOfDiscoveryIsWaitedFor() {
        Attempts attempts = new Attempts(SourceSettings.Reading.DEFAULT);
        long waited = 0;

        for (long wait = 0; wait != Attempts.NO_MORE; wait = attempts.failed(storageFault, false)) {
            waited += wait;
        }

        assertThat(waited)
                .isGreaterThan(nanos(600))
                .isGreaterThan(DiscoverySettings.DEFAULT.patience().toNanos());
    }

    @Test
    void whereOneAttemptIsAllThereIsNoFaultHasAnother() {
        assertThat(attempts(1, Duration.ZERO).failed(storageFault, false)).isEqualTo(Attempts.NO_MORE);
        assertThat(attempts(1, Duration.ZERO).failed(corrupt, false)).isEqualTo(Attempts.NO_MORE);
        assertThat(attempts(1, Duration.ZERO).failed(missing, false)).isEqualTo(Attempts.NO_MORE);
    }

    private static Attempts attempts(int most, Duration backOff) {
        return new Attempts(new SourceSettings.Reading(1, most, backOff, false));
    }

    private static long nanos(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
