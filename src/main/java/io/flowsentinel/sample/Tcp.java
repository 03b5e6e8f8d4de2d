package io.flowsentinel.sample;

/** The packets of TCP connections, as far as flow logs can tell them apart. */
public final class Tcp {

    public static final int NONE = 0;
    public static final int FIN = 1;
    public static final int SYN = 2;
    public static final int RST = 4;
    public static final int SYN_ACK = 18;

    /** How a connection ends. */
    public enum End {
        FIN,
        RESET_BY_ORIGINATOR,
        RESET_BY_RESPONDER,
        STILL_OPEN
    }

    private static final int HEADERS = 52;
    private static final int HANDSHAKE = 60;
    private static final int BARE = 40;
    private static final int SEGMENT = 1448;
    private static final long ROUND_TRIP_MILLIS = 20;
    private static final long BURST_MILLIS = 9_000;

    /** When a sender tries again, after the first attempt: RFC 6298's doubling. */
    private static final long[] RETRIES_MILLIS = {1_000, 3_000, 7_000, 15_000, 31_000};

    private Tcp() {}

    /** A whole connection: handshake, data both ways spread over its life, the end. */
    public static void exchange(Conversation talk, long at, long lifeMillis, long bytesOut, long bytesIn, End end) {
        handshake(talk, at);
        stream(talk, at + 2 * ROUND_TRIP_MILLIS, lifeMillis, bytesOut, bytesIn);
        end(talk, at + 3 * ROUND_TRIP_MILLIS + lifeMillis, end);
    }

    public static void handshake(Conversation talk, long at) {
        talk.forward(at, SYN, 1, HANDSHAKE);
        talk.reply(at + ROUND_TRIP_MILLIS, SYN_ACK, 1, HANDSHAKE);
        talk.forward(at + ROUND_TRIP_MILLIS, NONE, 1, HEADERS);
    }

    /** Data both ways, and nothing the flags would show. */
    public static void stream(Conversation talk, long at, long lifeMillis, long bytesOut, long bytesIn) {
        long bursts = Math.max(1, lifeMillis / BURST_MILLIS);
        for (long i = 0; i < bursts; i++) {
            long when = at + lifeMillis * i / bursts;
            long out = share(bytesOut, i, bursts);
            long in = share(bytesIn, i, bursts);
            long packetsOut = packets(out, in);
            long packetsIn = packets(in, out);
            talk.forward(when, NONE, packetsOut, out + packetsOut * HEADERS);
            talk.reply(when + ROUND_TRIP_MILLIS, NONE, packetsIn, in + packetsIn * HEADERS);
        }
    }

    public static void end(Conversation talk, long at, End end) {
        switch (end) {
            case FIN -> {
                talk.forward(at, FIN, 1, HEADERS);
                talk.reply(at + ROUND_TRIP_MILLIS, FIN, 1, HEADERS);
                talk.forward(at + ROUND_TRIP_MILLIS, NONE, 1, HEADERS);
            }
            case RESET_BY_ORIGINATOR -> talk.forward(at, RST, 1, BARE);
            case RESET_BY_RESPONDER -> talk.reply(at, RST, 1, BARE);
            case STILL_OPEN -> {
                // The sample ends, or a silence begins, before the connection does.
            }
        }
    }

    /** Attempts that nobody answers, or whose packets a filter stops. */
    public static void unanswered(Conversation talk, long at, int retries) {
        talk.forward(at, SYN, 1, HANDSHAKE);
        for (int i = 0; i < retries; i++) {
            talk.forward(at + RETRIES_MILLIS[i], SYN, 1, HANDSHAKE);
        }
    }

    /** A closed port: the host says so. */
    public static void refused(Conversation talk, long at) {
        talk.forward(at, SYN, 1, BARE);
        talk.reply(at + ROUND_TRIP_MILLIS, RST, 1, BARE);
    }

    /** A scanner at an open port: it resets what it never meant to open. */
    public static void probed(Conversation talk, long at) {
        talk.forward(at, SYN, 1, BARE);
        talk.reply(at + ROUND_TRIP_MILLIS, SYN_ACK, 1, HANDSHAKE - 16);
        talk.forward(at + 2 * ROUND_TRIP_MILLIS, RST, 1, BARE);
    }

    /** Attempts whose every answer is lost: both sides try again. */
    public static void answeredInVain(Conversation talk, long at, int retries) {
        unanswered(talk, at, retries);
        talk.reply(at + ROUND_TRIP_MILLIS, SYN_ACK, 1, HANDSHAKE);
        for (int i = 0; i < retries; i++) {
            talk.reply(at + RETRIES_MILLIS[i] + ROUND_TRIP_MILLIS, SYN_ACK, 1, HANDSHAKE);
        }
    }

    private static long share(long bytes, long index, long of) {
        return bytes * (index + 1) / of - bytes * index / of;
    }

    /** Segments of the data, or acknowledgements of every other segment of the other side. */
    private static long packets(long bytes, long othersBytes) {
        return 1 + Math.max(bytes / SEGMENT, othersBytes / (2 * SEGMENT));
    }
}
