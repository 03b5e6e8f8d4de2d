package io.flowsentinel.local;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a job and shows how far it has come. */
final class Watch {

    private static final Duration ON_TERMINAL = Duration.ofMillis(500);
    private static final Duration ELSEWHERE = Duration.ofSeconds(5);

    private final Console console;
    private final ProgressMetrics metrics;
    private final boolean quiet;

    Watch(Console console, ProgressMetrics metrics, boolean quiet) {
        this.console = console;
        this.metrics = metrics;
        this.quiet = quiet;
    }

    <T> T await(CompletableFuture<T> result) throws ExecutionException, InterruptedException {
        Duration pause = console.terminal() ? ON_TERMINAL : ELSEWHERE;
        ProgressText text = new ProgressText(System.nanoTime());
        while (true) {
            try {
                return result.get(pause.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException stillRunning) {
                if (!quiet) {
                    console.progress(text.of(metrics.now(), System.nanoTime(), Instant.now()));
                }
            }
        }
    }
}
