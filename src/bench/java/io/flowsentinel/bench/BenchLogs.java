package io.flowsentinel.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Flow logs to measure with: 21 fields (all of versions 2 and 3), 5-minute objects in the S3 layout, the same for the same
 * number of records. No tuple is used twice and none falls silent for long, so that a batch query that groups by tuple
 * finds the same connections as the job.
 *
 * <p>The mix, by connections: 60 of 100 open and close within a minute, 15 over two, 15 are UDP questions, 8 are denied
 * at the border, each from an address of its own, 2 last for five minutes. That makes 2.4 records a connection.
 */
final class BenchLogs {

    /** Whom hosts talk to. */
    enum Mix {
        /** A host has a dozen services that it uses, and one connection in ten goes somewhere else. */
        USUAL,
        /** Each connection goes anywhere: nearly all are of a pair that was never seen before. */
        SCATTERED,
        /** As usual, but every other connection of TCP that is let in goes to one service: a hot key. */
        HOT
    }

    private static final Instant START = Instant.parse("2026-05-04T00:00:00Z");
    private static final int SLOT_SECONDS = 300;
    private static final int MINUTES = 5;
    private static final double RECORDS_PER_CONNECTION = 2.38;
    private static final int HOSTS = 4_000;
    private static final int SERVICES = 900;
    private static final int SERVICES_OF_A_HOST = 12;
    private static final int HOT_SERVICE = 0;
    private static final int FIRST_PORT = 1_024;
    private static final int PORTS = 60_000;
    /** Has no divisor in common with {@link #PORTS}: every port has its turn. */
    private static final int PORT_STEP = 7_919;

    private static final int[] SERVICE_PORTS = {443, 443, 443, 80, 5432, 3306, 6379, 9092, 8080, 8443};
    private static final String HEADER =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action"
                    + " log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr\n";
    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'").withZone(ZoneOffset.UTC);

    private final Mix mix;
    private final int connectionsPerSlot;
    private final int slots;
    private final int objectsPerSlot;
    private long made;

    private BenchLogs(Mix mix, long records, int slots) {
        this.mix = mix;
        this.slots = slots;
        this.connectionsPerSlot = (int) Math.max(1, Math.round(records / RECORDS_PER_CONNECTION / slots));
        this.objectsPerSlot = Math.max(1, (int) (records / slots / 250_000));
    }

    /**
     * Writes logs, unless the folder has them already.
     *
     * @param records about how many
     * @param slots five minutes each
     */
    static void write(Path folder, Mix mix, long records, int slots) throws IOException {
        Path done = folder.resolve("records-" + records);
        if (Files.exists(done)) {
            return;
        }
        new BenchLogs(mix, records, slots).write(folder);
        Files.createFile(done);
    }

    private void write(Path folder) throws IOException {
        List<StringBuilder> now = empty();
        for (int slot = 0; slot < slots; slot++) {
            List<StringBuilder> next = empty();
            for (int i = 0; i < connectionsPerSlot; i++) {
                connection(slot, now, next);
            }
            for (int object = 0; object < objectsPerSlot; object++) {
                writeObject(folder, slot, object, now.get(object));
            }
            now = next;
        }
        for (int object = 0; object < objectsPerSlot; object++) {
            writeObject(folder, slots, object, now.get(object));
        }
    }

    private List<StringBuilder> empty() {
        List<StringBuilder> objects = new ArrayList<>();
        for (int object = 0; object < objectsPerSlot; object++) {
            objects.add(new StringBuilder());
        }
        return objects;
    }

    /** Of one host, whose interface writes both directions. */
    private void connection(int slot, List<StringBuilder> now, List<StringBuilder> next) {
        long number = made++;
        int luck = mix(number);
        int host = (int) (number % HOSTS);
        int port = FIRST_PORT + (int) (number / HOSTS * PORT_STEP % PORTS);
        long start = START.getEpochSecond() + (long) slot * SLOT_SECONDS + Integer.remainderUnsigned(luck >>> 3, 300);
        int kind = Integer.remainderUnsigned(luck, 100);
        int object = host % objectsPerSlot;
        Line line =
                new Line(host, now.get(object), next.get(object), START.getEpochSecond() + (slot + 1L) * SLOT_SECONDS);
        String own = "10.0." + host / 250 + "." + (1 + host % 250);
        int service = serviceOf(host, luck);
        String far = address(service, luck);
        int farPort = SERVICE_PORTS[Integer.remainderUnsigned(service, SERVICE_PORTS.length)];
        long sent = 200L + Integer.remainderUnsigned(luck >>> 5, 9_000);
        long received = 100L + Integer.remainderUnsigned(mix(number ^ -1L), 90_000);
        if (kind < 60) {
            line.add(own, far, port, farPort, 6, 3, sent, start, "ACCEPT");
            line.add(far, own, farPort, port, 6, 19, received, start, "ACCEPT");
        } else if (kind < 75) {
            line.add(own, far, port, farPort, 6, 2, sent, start, "ACCEPT");
            line.add(far, own, farPort, port, 6, 18, received, start, "ACCEPT");
            line.add(own, far, port, farPort, 6, 1, sent / 2, start + 60, "ACCEPT");
            line.add(far, own, farPort, port, 6, 1, received / 2, start + 60, "ACCEPT");
        } else if (kind < 90) {
            line.add(own, "10.0.0.2", port, 53, 17, 0, 60 + (luck >>> 25), start, "ACCEPT");
            line.add("10.0.0.2", own, 53, port, 17, 0, 90 + (luck >>> 22), start, "ACCEPT");
        } else if (kind < 98) {
            String outside = "203." + (luck >>> 24) + "." + (luck >>> 16 & 255) + "." + (1 + (luck >>> 8 & 127));
            line.add(outside, own, port, farPort, 6, 2, 40, start, "REJECT");
        } else {
            for (int record = 0; record < MINUTES; record++) {
                long at = start + record * 60L;
                boolean first = record == 0;
                boolean last = record == MINUTES - 1;
                line.add(own, far, port, farPort, 6, first ? 2 : last ? 1 : 0, sent + record, at, "ACCEPT");
                line.add(far, own, farPort, port, 6, first ? 18 : last ? 1 : 0, received + record, at, "ACCEPT");
            }
        }
    }

    /** The number of a service that all know, or {@link #SERVICES} for an address of the world. */
    private int serviceOf(int host, int luck) {
        int choice = luck >>> 8;
        if (mix == Mix.SCATTERED) {
            return Integer.remainderUnsigned(choice, SERVICES);
        }
        if (mix == Mix.HOT && luck < 0) {
            return HOT_SERVICE;
        }
        boolean elsewhere = Integer.remainderUnsigned(choice, 10) == 0;
        return elsewhere
                ? SERVICES
                : Integer.remainderUnsigned(
                        mix(host * 31L + Integer.remainderUnsigned(choice / 10, SERVICES_OF_A_HOST)), SERVICES);
    }

    private static String address(int service, int luck) {
        if (service == SERVICES) {
            int world = mix(luck);
            return "52." + (world >>> 24) + "." + (world >>> 16 & 255) + "." + (1 + (world >>> 8 & 127));
        }
        return service < 300
                ? "10.1." + service / 250 + "." + (1 + service % 250)
                : "198.51." + service / 250 + "." + (1 + service % 250);
    }

    /** Spreads numbers evenly; the finalizer of MurmurHash3. */
    private static int mix(long number) {
        int hash = Long.hashCode(number * 0x9E3779B97F4A7C15L);
        hash ^= hash >>> 16;
        hash *= 0x85EBCA6B;
        hash ^= hash >>> 13;
        hash *= 0xC2B2AE35;
        return hash ^ hash >>> 16;
    }

    /** Writes records of one host into the object of the slot in which they end. */
    private record Line(int host, StringBuilder now, StringBuilder next, long slotEnd) {

        void add(
                String from,
                String to,
                int fromPort,
                int toPort,
                int protocol,
                int flags,
                long bytes,
                long start,
                String action) {
            long end = start + 20 + Integer.remainderUnsigned(mix(start * 31 + bytes), 39);
            (end < slotEnd ? now : next)
                    .append("3 123456789012 eni-0")
                    .append(id(host))
                    .append(' ')
                    .append(from)
                    .append(' ')
                    .append(to)
                    .append(' ')
                    .append(fromPort)
                    .append(' ')
                    .append(toPort)
                    .append(' ')
                    .append(protocol)
                    .append(' ')
                    .append(1 + bytes / 800)
                    .append(' ')
                    .append(bytes)
                    .append(' ')
                    .append(start)
                    .append(' ')
                    .append(end)
                    .append(' ')
                    .append(action)
                    .append(" OK vpc-0123456789abcdef0 subnet-0123456789abcde")
                    .append(10 + host / 250)
                    .append(" i-0")
                    .append(id(host + HOSTS))
                    .append(' ')
                    .append(flags)
                    .append(" IPv4 ")
                    .append(from)
                    .append(' ')
                    .append(to)
                    .append('\n');
        }

        /** 16 hexadecimal digits, as those that AWS gives. */
        private static String id(int number) {
            HexFormat hex = HexFormat.of();
            return hex.toHexDigits(mix(number)) + hex.toHexDigits(mix(~number));
        }
    }

    private static void writeObject(Path folder, int slot, int object, StringBuilder lines) throws IOException {
        Instant time = START.plusSeconds((long) slot * SLOT_SECONDS);
        Path file = folder.resolve(
                "AWSLogs/123456789012/vpcflowlogs/eu-west-1/%s/123456789012_vpcflowlogs_eu-west-1_fl-0123456789abcdef0_%s_%08x.log.gz"
                        .formatted(FOLDER.format(time), STAMP.format(time), object));
        Files.createDirectories(file.getParent());
        try (OutputStream out = new BufferedOutputStream(new Gzip(Files.newOutputStream(file)), 1 << 16)) {
            out.write(HEADER.getBytes(StandardCharsets.US_ASCII));
            out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Compresses as AWS does by size, quickly. */
    private static final class Gzip extends GZIPOutputStream {

        Gzip(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.DEFAULT_COMPRESSION);
        }
    }
}
