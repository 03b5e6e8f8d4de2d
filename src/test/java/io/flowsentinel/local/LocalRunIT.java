package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README, as a person sees it. */
class LocalRunIT {

    /** Seconds from the job's start; a person waits. A busy machine gets some of them for nothing. */
    private static final double SOON = 30;

    private static final Pattern FIRST_ALERT = Pattern.compile("first alert after (\\d+\\.\\d) s");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void withoutOptionsTheIncidentsOfTheSampleAreTold() {
        int exitCode = run();

        assertThat(exitCode).isZero();
        assertThat(creates())
                .hasSize(4)
                .anyMatch(line -> line.contains("port-scan"))
                .anyMatch(line -> line.contains("host-sweep"))
                .anyMatch(line -> line.contains("exposed-admin-service"))
                .anyMatch(line -> line.contains("nacl-reply-drop"));
        assertThat(text(out))
                .containsPattern("Flink +http://\\S+:\\d+")
                .containsPattern("Kafka +127\\.0\\.0\\.1:\\d+, ")
                .contains(
                        "vpc-flow-alerts",
                        "vpc-flow-connections",
                        "vpc-flow-quarantine",
                        "vpc-flow-late",
                        "vpc-flow-suppressed");
        assertThat(text(out))
                .contains(
                        "Rules    on: port-scan, host-sweep, ",
                        "\n         list-match: off, lists.files names no list\n");
        Matcher first = FIRST_ALERT.matcher(text(out));
        assertThat(first.find()).isTrue();
        assertThat(Double.parseDouble(first.group(1))).isLessThan(SOON);
    }

    @Test
    void aBadRulesFileIsRefusedWithItsLine(@TempDir Path folder) throws IOException {
        Path rules = Files.writeString(
                folder.resolve("rules.yaml"), "rules:\n  port-scan:\n    mode: live\n    window: soon\n");

        int exitCode = run("--rules", rules.toString());

        assertThat(exitCode).isEqualTo(2);
        assertThat(text(out)).isEmpty();
        assertThat(text(err).lines()).singleElement().asString().contains("rules.yaml", "line 4", "soon");
    }

    @Test
    void anAllowListEntryThatHasExpiredIsWarnedOfOnce(@TempDir Path folder) throws IOException {
        Path rules = Files.writeString(
                folder.resolve("rules.yaml"),
                "rules: {strobe: {allow: [{port: 22, reason: our old one, expires: 2025-01-01}]}}");

        int exitCode = run(
                "--quiet",
                "--rules",
                rules.toString(),
                "--from",
                "2026-01-15T10:00:00Z",
                "--output",
                folder.resolve("out").toString());

        assertThat(exitCode).isZero();
        assertThat(text(err).lines())
                .containsExactly(
                        "Warning: Expired, so without effect from 2026-01-15T10:00:00Z on: strobe: allow port=22"
                                + " reason=our old one, expired 2025-01-01");
    }

    private List<String> creates() {
        return text(out)
                .lines()
                .filter(line -> line.matches("\\d{4}-\\S+Z +\\S+ +create .*"))
                .toList();
    }

    private int run(String... arguments) {
        return LocalRun.execute(printTo(out), printTo(err), arguments);
    }

    private static PrintStream printTo(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
