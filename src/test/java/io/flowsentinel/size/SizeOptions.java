package io.flowsentinel.size;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.MemorySize;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What is measured, and with how much of everything. */
@Command(name = "lifecycle-size", sortOptions = false)
final class SizeOptions {

    @Option(names = "--connections", defaultValue = "50000", description = "how many are open at once")
    int connections;

    @Option(names = "--interfaces", defaultValue = "2000", description = "of the estate; a multiple of 20")
    int interfaces;

    @Option(names = "--backend", split = ",", defaultValue = "hashmap,rocksdb", description = "hashmap, rocksdb")
    List<String> backends;

    @Option(names = "--minutes", defaultValue = "15", description = "of records that wait; a multiple of 5")
    int minutes;

    @Option(names = "--slots", defaultValue = "3", description = "that pass then, each with a checkpoint")
    int slots;

    @Option(names = "--unanswered", defaultValue = "0", description = "SYNs that leave a silent key each")
    int unanswered;

    @Option(names = "--parallelism", defaultValue = "2")
    int parallelism;

    @Option(names = "--managed-memory", defaultValue = "512m", description = "of RocksDB, all slots together")
    MemorySize managedMemory;

    @Option(names = "--compression", description = "compress full checkpoints")
    boolean compression;

    @Option(
            names = "--checkpoint-interval",
            defaultValue = "PT0S",
            description = "of checkpoints beside those at the points, such as PT30S")
    Duration checkpointInterval;

    @Option(names = "--no-savepoints", description = "at the points; they take their time with RocksDB")
    boolean noSavepoints;

    @Option(names = "--set", description = "a key=value of Flink's, such as one of RocksDB's")
    Map<String, String> flink = Map.of();

    @Option(names = "--dir", description = "for state and checkpoints; unset: a temporary folder, deleted in the end")
    Path dir;

    private SizeOptions() {}

    static SizeOptions parse(String... arguments) {
        SizeOptions options = new SizeOptions();
        CommandLine line = new CommandLine(options);
        line.registerConverter(MemorySize.class, MemorySize::parse);
        line.parseArgs(arguments);
        require(line, options.interfaces % Estate.SUBNETS == 0, "--interfaces: a multiple of " + Estate.SUBNETS);
        require(line, options.minutes % Slot.MINUTES == 0, "--minutes: a multiple of " + Slot.MINUTES);
        return options;
    }

    private static void require(CommandLine line, boolean holds, String expected) {
        if (!holds) {
            throw new ParameterException(line, expected);
        }
    }
}
