package io.flowsentinel;

import io.flowsentinel.testing.LogTree;
import io.flowsentinel.testing.S3Server;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The logs that the kept savepoints were taken in: an hour of one interface, in which something of everything is under
 * way at half past. They never change, since the savepoints remember how far they were read.
 */
final class KeptLogs {

    static final String BUCKET = "kept-logs";
    static final int SLOTS = 12;
    static final int SLOT_SECONDS = 300;

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final String HASH = "c0ffee00";
    private static final String HEADER =
            "version account-id interface-id vpc-id subnet-id instance-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport"
                    + " dstport protocol packets bytes start end action tcp-flags flow-direction log-status";
    private static final String SERVER = "10.0.0.10";
    private static final String CALLER = "10.0.0.77";
    private static final String SCANNER = "203.0.113.66";

    private KeptLogs() {}

    static void publish(S3Server server) throws IOException, InterruptedException {
        server.createBucket(BUCKET);
        for (int slot = 0; slot < SLOTS; slot++) {
            server.put(
                    BUCKET,
                    LogTree.key(slotTime(slot), HASH),
                    LogTree.gzip(linesOf(slot).toArray(String[]::new)));
        }
    }

    static Instant slotTime(int slot) {
        return START.plusSeconds((long) slot * SLOT_SECONDS);
    }

    /** How the URI of a slot's object ends. */
    static String objectOf(int slot) {
        return LogTree.key(slotTime(slot), HASH);
    }

    private static List<String> linesOf(int slot) {
        List<String> lines = new ArrayList<>();
        lines.add(HEADER);
        long start = slotTime(slot).getEpochSecond();
        longLived(slot, start, lines);
        for (int minute = 0; minute < SLOT_SECONDS / 60; minute++) {
            shortLived(slot * 5 + minute, start + minute * 60L, lines);
            scan(slot, minute, start + minute * 60L, lines);
        }
        silent(slot, start, lines);
        lines.add("2 123456789012 eni-0123456789abcdef0 - - - - - - - - - - - - " + start + " " + (start + 59)
                + (slot % 3 == 2 ? " - - - SKIPDATA" : " - - - NODATA"));
        lines.add("this is no record");
        return lines;
    }

    /** Over IPv6 from the first slot to the last, with a record of each direction a slot. */
    private static void longLived(int slot, long start, List<String> lines) {
        String caller = "2001:db8::77";
        String server = "2001:db8::10";
        lines.add(record(caller, server, 50_000, 22, 6, slot == 0 ? 2 : 0, start, "ACCEPT ingress"));
        lines.add(record(server, caller, 22, 50_000, 6, slot == 0 ? 18 : 0, start, "ACCEPT egress"));
    }

    /** A web call opened in one minute and closed in the next, one over UDP, one line told twice. */
    private static void shortLived(int number, long start, List<String> lines) {
        int port = 40_000 + number;
        lines.add(record(CALLER, SERVER, port, 443, 6, 2, start, "ACCEPT ingress"));
        lines.add(record(SERVER, CALLER, 443, port, 6, 18, start, "ACCEPT egress"));
        lines.add(record(CALLER, SERVER, port - 1, 443, 6, 1, start, "ACCEPT ingress"));
        lines.add(record(SERVER, CALLER, 443, port - 1, 6, 1, start, "ACCEPT egress"));
        lines.add(record(SERVER, CALLER, 443, port - 1, 6, 1, start, "ACCEPT egress"));
        lines.add(record(SERVER, "10.0.0.2", port, 53, 17, 0, start, "ACCEPT egress"));
    }

    /** Nine ports a minute, denied. */
    private static void scan(int slot, int minute, long start, List<String> lines) {
        for (int i = 0; i < 9; i++) {
            int port = 1_000 + (slot * 5 + minute) * 9 + i;
            lines.add(record(SCANNER, SERVER, 61_000, port, 6, 2, start, "REJECT ingress"));
        }
    }

    /** Connections of the first slot that fall silent and go on after half past. */
    private static void silent(int slot, long start, List<String> lines) {
        for (int port = 45_000; port < 45_010; port++) {
            if (slot == 0) {
                lines.add(record(CALLER, SERVER, port, 5432, 6, 2, start, "ACCEPT ingress"));
                lines.add(record(SERVER, CALLER, 5432, port, 6, 18, start, "ACCEPT egress"));
            }
            if (slot == 9) {
                lines.add(record(CALLER, SERVER, port, 5432, 6, 0, start, "ACCEPT ingress"));
            }
        }
    }

    private static String record(
            String from, String to, int fromPort, int toPort, int protocol, int flags, long start, String rest) {
        String[] actionAndDirection = rest.split(" ", 2);
        return String.join(
                " ",
                "5 123456789012 eni-0123456789abcdef0 vpc-0123456789abcdef0 subnet-0123456789abcdef0",
                "i-0123456789abcdef0",
                from,
                to,
                from,
                to,
                Integer.toString(fromPort),
                Integer.toString(toPort),
                Integer.toString(protocol),
                "5 520",
                Long.toString(start),
                Long.toString(start + 58),
                actionAndDirection[0],
                Integer.toString(flags),
                actionAndDirection[1],
                "OK");
    }
}
