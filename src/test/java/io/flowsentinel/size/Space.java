package io.flowsentinel.size;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a state takes while nothing moves.
 *
 * @param heapBytes live objects of this JVM
 * @param residentBytes all memory of the process, RocksDB's included; 0 where the system does not tell
 * @param tableBytes the table files RocksDB works on, with what it has not compacted yet
 * @param checkpointFileBytes the files of the last checkpoint, and those of others that are not deleted yet
 */
record Space(long heapBytes, long residentBytes, long tableBytes, long checkpointFileBytes) {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIBI = 1024;

    /**
     * @param rocksDb the folder it works in; need not exist
     * @param checkpoint the folder of the last checkpoint's own files; beside it is that of files it may share
     */
    static Space now(Path rocksDb, Path checkpoint) throws IOException {
        long own = FileSizes.in(checkpoint, "");
        long shared = FileSizes.in(checkpoint.resolveSibling("shared"), "");
        return new Space(heap(), resident(), FileSizes.in(rocksDb, ".sst"), own + shared);
    }

    /** The second collection takes what the first one's reference handling has set free. */
    private static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static long resident() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> KIBI
                            * Long.parseLong(line.substring(RESIDENT.length())
                                    .replace("kB", "")
                                    .strip()))
                    .findFirst()
                    .orElse(0);
        }
    }
}
