package io.flowsentinel.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * What one run took.
 *
 * @param seconds from start to end
 * @param cpuSeconds of all threads of the JVM
 * @param memoryMiB the JVM's largest resident size so far, warm-up included, but of the heap only what was left after
 *     a collection, at most, or what is used where there was none; -1 where the system does not tell
 * @param records flow records read; 0 where the run does not count them
 * @param connections found; 0 where the run does not count them
 * @param bytes of all connections; 0 where the run does not add them up
 */
public record Measured(double seconds, double cpuSeconds, long memoryMiB, long records, long connections, long bytes) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NANOS = 1e9;
    private static final long KIB = 1_024;
    private static final long MIB = 1_024 * KIB;

    /**
     * What a run counted.
     *
     * @param records flow records read; 0 for not counted
     * @param connections found; 0 for not counted
     * @param bytes of all connections; 0 for not added up
     */
    public record Counts(long records, long connections, long bytes) {}

    /** Runs something and measures it. */
    public static Measured of(Callable<Counts> run) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        HeapLeft left = HeapLeft.watch();
        long cpu = system.getProcessCpuTime();
        long begin = System.nanoTime();
        Counts counts = run.call();
        double seconds = (System.nanoTime() - begin) / NANOS;
        double cpuSeconds = (system.getProcessCpuTime() - cpu) / NANOS;
        return new Measured(seconds, cpuSeconds, memory(left), counts.records(), counts.connections(), counts.bytes());
    }

    /** Of a heap that was not touched at its start less is resident than committed, but never less than what was kept. */
    private static long memory(HeapLeft left) throws IOException {
        long residentKiB = peakResidentKiB();
        if (residentKiB < 0) {
            return -1;
        }
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long kept = left.most() > 0 ? left.most() : heap.getUsed();
        return Math.max(residentKiB * KIB - heap.getCommitted() + kept, kept) / MIB;
    }

    private static long peakResidentKiB() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return -1;
        }
        Optional<String> line = Files.readAllLines(status).stream()
                .filter(one -> one.startsWith("VmHWM:"))
                .findFirst();
        return line.map(text -> Long.parseLong(text.replaceAll("\\D", ""))).orElse(-1L);
    }

    public String toJson() throws IOException {
        return JSON.writeValueAsString(this);
    }

    public static Measured fromJson(String json) throws IOException {
        return JSON.readValue(json, Measured.class);
    }
}
