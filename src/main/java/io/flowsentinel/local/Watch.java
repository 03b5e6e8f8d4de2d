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
    private final boolean live;

    /**
     * Shows the metrics of a job.
     *
     * @param live whether the job follows the present, so that its lag means something
     */
    Watch(Console console, ProgressMetrics metrics, boolean quiet, boolean live) {
        this.console = console;
        this.metrics = metrics;
        this.quiet = quiet;
        this.live = live;
    }

    <T> T await(CompletableFuture<T> result) throws ExecutionException, InterruptedException {
        Duration pause = console.terminal() ? ON_TERMINAL : ELSEWHERE;
        ProgressText text = new ProgressText(System.nanoTime(), live);
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
