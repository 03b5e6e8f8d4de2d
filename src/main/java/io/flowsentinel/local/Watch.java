package io.flowsentinel.local;

import io.flowsentinel.detect.RuleCoverage;
import io.flowsentinel.detect.WatchRules;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a job and shows how far it has come. */
final class Watch {

    private static final Duration PAUSE = Duration.ofMillis(500);

    /** A line that stays is written this much more rarely than one that is written over. */
    private static final int PAUSES_A_LINE = 10;

    private static final String HEAD = "Rules    ";
    private static final String INDENT = " ".repeat(HEAD.length());
    private static final String NEXT = "\n" + INDENT;

    private final Console console;
    private final ProgressMetrics metrics;
    private final boolean quiet;
    private final boolean live;
    private final RuleCoverage coverage;
    private final Set<Set<String>> told = new HashSet<>();
    private String toldOfRules = "";

    /**
     * Shows the metrics of a job.
     *
     * @param live whether the job follows the present, so that its lag means something
     * @param coverage what the rules can see, told of each format that objects turn out to have
     */
    Watch(Console console, ProgressMetrics metrics, boolean quiet, boolean live, RuleCoverage coverage) {
        this.coverage = coverage;
        this.console = console;
        this.metrics = metrics;
        this.quiet = quiet;
        this.live = live;
    }

    /**
     * Returns what a job has come to.
     *
     * @param timeLeft how long it still takes, where it has an end
     * @param meanwhile what is to be done now and then
     */
    <T> T await(CompletableFuture<T> result, Optional<TimeLeft> timeLeft, Runnable meanwhile)
            throws ExecutionException, InterruptedException {
        int pauses = 0;
        ProgressText text = new ProgressText(System.nanoTime(), live, timeLeft);
        while (true) {
            try {
                T done = result.get(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                tellCoverage();
                return done;
            } catch (TimeoutException stillRunning) {
                pauses++;
                if (!quiet && (console.terminal() || pauses % PAUSES_A_LINE == 0)) {
                    console.progress(text.of(metrics.now(), System.nanoTime(), Instant.now()));
                }
                tellCoverage();
                tellRules();
                meanwhile.run();
            }
        }
    }

    private void tellRules() {
        String news = metrics.rulesNews();
        if (!news.isEmpty() && !news.equals(toldOfRules)) {
            if (news.startsWith(WatchRules.NOT_CHANGED)) {
                console.error(news);
            } else if (!quiet) {
                console.line(news);
            }
        }
        toldOfRules = news;
    }

    private void tellCoverage() {
        for (Set<String> fields : metrics.formats()) {
            if (told.add(fields) && !quiet) {
                String head = told.size() == 1 ? HEAD : INDENT + "and for objects with other fields" + NEXT;
                console.line(head + String.join(NEXT, coverage.of(fields)));
            }
        }
    }
}
