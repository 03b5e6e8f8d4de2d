package io.flowsentinel.model;

/**
 * One usable log line: the packets of one direction of one 5-tuple at one interface in one aggregation interval.
 *
 * @param observer the interface that logged it
 * @param protocol IANA protocol number, 0 to 255
 * @param source packet-level source where the log has it, else the plain one
 * @param destination packet-level destination where the log has it, else the plain one
 * @param plainSource {@code srcaddr}; null where absent
 * @param plainDestination {@code dstaddr}; null where absent
 * @param action ACCEPT where absent
 * @param flowDirection relative to the interface
 * @param tcpFlags as logged, {@link TcpFlags#ABSENT} where absent and for transit gateway records
 * @param packets 0 where absent
 * @param bytes 0 where absent
 * @param start epoch seconds of the first packet, up to 60 s off
 * @param end epoch seconds of the last packet; never before {@code start}
 * @param annotations what AWS adds to some records
 * @param absent what the log does not say of this record: bit set of {@link #NO_PACKETS}, {@link #NO_BYTES},
 *     {@link #NO_ACTION} and {@link #DEGRADED}
 * @param ref where the line stands
 */
public record FlowRecord(
        Observer observer,
        int protocol,
        Endpoint source,
        Endpoint destination,
        IpAddress plainSource,
        IpAddress plainDestination,
        Action action,
        FlowDirection flowDirection,
        int tcpFlags,
        long packets,
        long bytes,
        long start,
        long end,
        Annotations annotations,
        int absent,
        RecordRef ref) {

    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMPV6 = 58;
    public static final int SCTP = 132;

    /** The packets are absent, which is not the same as 0. */
    public static final int NO_PACKETS = 1;

    /** The bytes are absent, which is not the same as 0. */
    public static final int NO_BYTES = 1 << 1;

    /** The action is absent, which is not the same as ACCEPT. */
    public static final int NO_ACTION = 1 << 2;

    /** The endpoints are plain addresses for want of packet ones, or no interface is named. */
    public static final int DEGRADED = 1 << 3;

    /** The conversation this record is part of. */
    public ConnectionKey key() {
        return ConnectionKey.between(observer.scope(), protocol, source, destination);
    }

    /** The bucket of {@link #key()}. */
    public int bucket() {
        return key().bucket();
    }

    /** Whether the interface forwarded these packets for others: plain and packet addresses differ. */
    public boolean forwarded() {
        return plainSource != null && !plainSource.equals(source.address())
                || plainDestination != null && !plainDestination.equals(destination.address());
    }

    /** Whether the key is only as good as what the log has. */
    public boolean degraded() {
        return (absent & DEGRADED) != 0;
    }

    /** Which of the fields with a value for absence are absent. */
    public int absentFields() {
        return absent & ~DEGRADED;
    }

    public boolean accepted() {
        return action == Action.ACCEPT;
    }
}
