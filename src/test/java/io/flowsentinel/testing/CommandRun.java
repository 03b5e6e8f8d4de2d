package io.flowsentinel.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command that was run to its end, as a user runs it in a terminal.
 *
 * @param exitCode 0 for success
 * @param output what it wrote to standard output
 * @param errors what it wrote to standard error
 */
public record CommandRun(int exitCode, String output, String errors) {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed\\. Path: (\\S+)");

    /**
     * Runs a command in the present folder.
     *
     * @param environment variables beside those of this process, or instead of them
     * @throws AssertionError where it has not ended after three minutes; it is killed then
     */
    public static CommandRun of(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("command", ".out");
        Path errors = Files.createTempFile("command", ".err");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
            // With it every JVM writes a line of its own, which is none of the command's.
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(command + " has not ended after " + PATIENCE + ": " + text(errors));
            }
            return new CommandRun(process.exitValue(), text(output), text(errors));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /** All that it wrote, standard output first. */
    public String text() {
        return output + errors;
    }

    /** The job that was submitted, as {@code flink run} says it. */
    public String jobId() {
        return found(JOB_ID);
    }

    /** The place of the savepoint that was taken, as {@code flink stop} and {@code flink savepoint} say it. */
    public String savepoint() {
        return found(SAVEPOINT);
    }

    private String found(Pattern said) {
        Matcher matcher = said.matcher(output);
        if (exitCode != 0 || !matcher.find()) {
            throw new AssertionError("exit code " + exitCode + ", not said: " + said + "\n" + text());
        }
        return matcher.group(1);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
