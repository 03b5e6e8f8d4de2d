package io.flowsentinel.local;

import java.nio.file.Path;
import java.util.Optional;
import javax.annotation.Nullable;
import picocli.CommandLine.Option;

/** What {@code scripts/replay.sh} can be told beside the options that all commands share. */
final class ReplayOptions {

    @Option(
            names = "--savepoint",
            paramLabel = "PATH",
            description = "begin with the state of a savepoint, or of a retained checkpoint, of the live job, and read"
                    + " everything that came since then, up to --to")
    private String savepoint;

    @Option(
            names = "--take-savepoint",
            paramLabel = "DIR",
            description = "at the end of the range stop with a savepoint below this folder or bucket, with all"
                    + " connections and findings open, for a live job to go on from")
    private String takeSavepoint;

    @Option(
            names = "--what-if",
            paramLabel = "RULES",
            description = "replay twice, also under this rules file, and say which findings differ")
    private String whatIf;

    @Option(
            names = "--compare-with",
            paramLabel = "FEED",
            description = "say which findings differ from those of another run: the output folder of one, or the"
                    + " alert topic of a live job, read from what was written an hour before the range on")
    private String compareWith;

    @Option(names = "--json", paramLabel = "FILE", description = "write the differences as JSON, too")
    private Path json;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "no Kafka: write the feeds as JSON lines below this folder, and report.json")
    private Path output;

    @Option(names = "--overwrite", description = "delete the feeds of a former run in the output folder first")
    private boolean overwrite;

    @Option(
            names = "--into-live-topics",
            description = "write to the topics of the live job, not to those of job-config/replay.yaml")
    private boolean intoLiveTopics;

    @SuppressWarnings("UnusedVariable") // the script looks at it
    @Option(
            names = "--on-cluster",
            description = "submit to a Flink cluster in place of running here: the other options are then those of"
                    + " scripts/submit.sh, with --savepoint and --into-live-topics; no progress, see Flink's page")
    private boolean onCluster;

    @Option(names = "--quiet", description = "no progress, no summary, no alerts")
    private boolean quiet;

    Optional<String> savepoint() {
        return Optional.ofNullable(savepoint);
    }

    Optional<String> takeSavepoint() {
        return Optional.ofNullable(takeSavepoint);
    }

    Optional<String> whatIf() {
        return Optional.ofNullable(whatIf);
    }

    Optional<String> compareWith() {
        return Optional.ofNullable(compareWith);
    }

    Optional<Path> json() {
        return Optional.ofNullable(json);
    }

    /** Null where the feeds go to Kafka. */
    @Nullable
    Path output() {
        return output;
    }

    boolean overwrite() {
        return overwrite;
    }

    boolean intoLiveTopics() {
        return intoLiveTopics;
    }

    boolean quiet() {
        return quiet;
    }
}
