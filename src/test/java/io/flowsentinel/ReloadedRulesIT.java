package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowsentinel.config.JobConfig;
import io.flowsentinel.detect.RuleCoverage;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert;
import io.flowsentinel.sink.Sinks;
import io.flowsentinel.source.FlowLogSource;
import io.flowsentinel.source.SourceSettings;
import io.flowsentinel.testing.Collected;
import io.flowsentinel.testing.LogTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rules file and a list that are written while the job runs: what is decided after one event time is decided by the
 * new ones on all subtasks, what was decided before by the old ones, whatever the parallelism and also over a restart.
 */
@Timeout(120)
class ReloadedRulesIT {

    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
            .setNumberTaskManagers(2)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final int SLOTS = 24;
    private static final int SLOT_SECONDS = 300;
    private static final int STOPPED_IN = 12;
    private static final Duration MAX_DELAY = Duration.ofMinutes(10);
    private static final String HASH = "c0ffee00";
    private static final String HEADER =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets"
                    + " bytes start end action log-status tcp-flags pkt-srcaddr pkt-dstaddr";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final StoppingLines.Stop STOP = new StoppingLines.Stop(LogTree.key(slotTime(STOPPED_IN), HASH), 2);

    /** How far event time comes at least while the source stands still, in milliseconds: some slots more or less. */
    private static final long STANDS_AT =
            slotTime(STOPPED_IN - 5).minus(MAX_DELAY).toEpochMilli();

    /** Nothing is logged from here on until well after the change, so it makes no difference when exactly that is. */
    private static final int QUIET_FROM = 2;

    private static final int QUIET_TO = 15;

    private static final String CHANGED_RULES = "rules: {port-scan: {thresholds: {external: 15}}}";
    private static final String CHANGED_LIST = "203.0.113.80";

    @TempDir
    Path folder;

    private Path rules;
    private Path list;
    private LogTree logs;
    private Rules given;

    @BeforeEach
    void publish() throws Exception {
        rules = folder.resolve("rules.yaml");
        list = folder.resolve("listed.txt");
        writeFirstRules();
        given = stages().rulesFiles().read();
        logs = new LogTree(folder.resolve("logs"));
        for (int slot = 0; slot < SLOTS; slot++) {
            logs.object(slotTime(slot), HASH, linesOf(slot).toArray(String[]::new));
        }
    }

    private void writeFirstRules() throws Exception {
        Files.writeString(rules, "rules: {}");
        Files.writeString(list, "192.0.2.1");
    }

    @Test
    void whatIsDecidedLaterIsDecidedByTheNewRulesWhateverTheParallelism() throws Exception {
        List<Alert> one = runWithAChange(1, 0);
        List<Alert> four = runWithAChange(4, 0);
        List<Alert> restarted = runWithAChange(2, 3);

        assertThat(one)
                .extracting(alert -> alert.rule().id() + " " + alert.activity())
                .contains("port-scan CREATE", "list-match CREATE");
        assertThat(one).allSatisfy(alert -> {
            assertThat(alert.timeMillis()).isGreaterThan(STANDS_AT);
            assertThat(alert.rulesVersion())
                    .isEqualTo(Rules.load(CHANGED_RULES, "").version());
        });
        assertThat(four).containsExactlyInAnyOrderElementsOf(one);
        assertThat(restarted).containsExactlyInAnyOrderElementsOf(one);
    }

    @Test
    void aFileThatCannotBeUsedChangesNothingAndIsCounted() throws Exception {
        Collected<Alert> alerts = new Collected<>("rejected");
        StoppingLines.reset();
        JobClient job = start(alerts, 1, null, STOP);
        awaitStandstill(job);

        Files.writeString(rules, "rules:\n  port-scan:\n    thresholds: {external: many}\n");

        await().atMost(PATIENCE).until(() -> metric(job, "rulesRejected") == 1);
        StoppingLines.goOn();
        job.getJobExecutionResult().get();
        assertThat(metric(job, "rulesChanges")).isZero();
        assertThat(alerts.all()).isEmpty();
    }

    /** @param restartedWith parallelism with which the job goes on from a savepoint after the change; 0 for no restart */
    private List<Alert> runWithAChange(int parallelism, int restartedWith) throws Exception {
        Collected<Alert> alerts = new Collected<>("reloaded-" + parallelism);
        writeFirstRules();
        given = stages().rulesFiles().read();
        StoppingLines.reset();
        JobClient job = start(alerts, parallelism, null, STOP);
        awaitStandstill(job);

        Files.writeString(list, CHANGED_LIST);
        Files.writeString(rules, CHANGED_RULES);

        await().atMost(PATIENCE).until(() -> inForce(job).contains(version(CHANGED_RULES)));
        JobClient last = job;
        if (restartedWith > 0) {
            String savepoint = job.triggerSavepoint(folder.toUri().toString(), SavepointFormatType.CANONICAL)
                    .get();
            job.cancel().get();
            StoppingLines.goOn();
            given = stages().rulesFiles().read();
            last = start(alerts, restartedWith, savepoint, StoppingLines.NEVER);
        } else {
            StoppingLines.goOn();
        }
        last.getJobExecutionResult().get();
        return alerts.all();
    }

    /** Event time that passes before the source goes on has passed, but for some slots. */
    private static void awaitStandstill(JobClient job) throws Exception {
        StoppingLines.awaitStop();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(metric(job, "currentInputWatermark"))
                .isGreaterThanOrEqualTo(STANDS_AT));
    }

    private static long metric(JobClient job, String name) {
        return METRICS.findMetric(job.getJobID(), "watch-rules.0." + name)
                .map(metric -> metric instanceof Counter counter
                        ? counter.getCount()
                        : ((Number) ((Gauge<?>) metric).getValue()).longValue())
                .orElse(Long.MIN_VALUE);
    }

    private static String inForce(JobClient job) {
        return METRICS.findMetric(job.getJobID(), "watch-rules.0.rulesNews")
                .map(metric -> (String) ((Gauge<?>) metric).getValue())
                .orElse("");
    }

    private static String version(String yaml) {
        return Rules.load(yaml, "").version();
    }

    private JobClient start(Collected<Alert> alerts, int parallelism, String savepoint, StoppingLines.Stop stop)
            throws Exception {
        Configuration settings = settings();
        if (savepoint != null) {
            settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StageSettings stages = new StageSettings(JobConfig.from(settings()));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.setParallelism(parallelism);
        Sinks nowhere = Sinks.nowhere();
        FlowLogTopology.build(
                env,
                new FlowLogSource<>(
                        // One object at a time: the one it stops in must not hold up those of earlier slots.
                        SourceSettings.bounded(List.of(logs.uri()))
                                .withReading(new SourceSettings.Reading(1, 1, Duration.ofSeconds(1), true)),
                        new StoppingLines(new ParseObjects(stages.parser(), RuleCoverage.of(given, true)), stop)),
                stages,
                given,
                new Sinks(alerts, nowhere.connections(), nowhere.quarantine(), nowhere.late(), nowhere.suppressed()));
        return env.executeAsync();
    }

    private StageSettings stages() {
        return new StageSettings(JobConfig.from(settings()));
    }

    private Configuration settings() {
        Configuration settings = new Configuration();
        settings.setString("source.uri", folder.toUri().toString());
        settings.setString("source.mode", "continuous");
        settings.setString("rules.file", rules.toString());
        settings.setString("rules.reload-interval", "1 s");
        settings.setString("lists.files", list.toString());
        settings.setString("alerts.sink", "print");
        settings.setString("connections.sink", "none");
        return settings;
    }

    private static Instant slotTime(int slot) {
        return START.plusSeconds((long) slot * SLOT_SECONDS);
    }

    /** Seven ports of a scan in five minutes: 21 in the window, where 25 are one; and a call that is answered. */
    private static List<String> linesOf(int slot) {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        long start = slotTime(slot).getEpochSecond();
        if (slot >= QUIET_FROM && slot < QUIET_TO) {
            lines.add(record("10.0.0.10", "10.0.0.11", 50_000, 443, start, "ACCEPT OK 0"));
            return lines;
        }
        for (int i = 0; i < 7; i++) {
            int port = 1_000 + slot * 7 + i;
            lines.add(record("203.0.113.66", "10.0.0.10", 61_000, port, start + i * 30L, "REJECT OK 2"));
        }
        int port = 40_000 + slot;
        lines.add(record("10.0.0.10", "203.0.113.80", port, 443, start, "ACCEPT OK 3"));
        lines.add(record("203.0.113.80", "10.0.0.10", 443, port, start, "ACCEPT OK 19"));
        return lines;
    }

    private static String record(String from, String to, int fromPort, int toPort, long start, String rest) {
        return "3 123456789012 eni-1 " + from + " " + to + " " + fromPort + " " + toPort + " 6 5 520 " + start + " "
                + (start + 20) + " " + rest + " " + from + " " + to;
    }
}
