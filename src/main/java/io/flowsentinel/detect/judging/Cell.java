package io.flowsentinel.detect.judging;

import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a pane counts once: a peer's port under one protocol. What an allow-list covers is kept apart from what
 * it does not.
 *
 * @param address the other side, as seen from the subject; null where the family does not tell peers apart
 * @param port the service port; 0 for protocols without ports
 * @param protocol IANA protocol number
 * @param side what else the family tells apart, such as a direction; null where nothing
 * @param allowedBy rule id to the text of the allow-list entry that covers it; mostly empty
 */
public record Cell(IpAddress address, int port, int protocol, String side, Map<String, String> allowedBy) {

    /**
     * A total order: what is known of the subject itself first, the rest mixed, so that no kind of address comes before
     * another.
     */
    public static final Comparator<Cell> ORDER = Comparator.comparing((Cell cell) -> cell.address != null)
            .thenComparingLong(Cell::mixed)
            .thenComparing(Cell::address, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingInt(Cell::port)
            .thenComparingInt(Cell::protocol)
            .thenComparing(Cell::side, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(cell -> new TreeMap<>(cell.allowedBy).toString());

    /** What is known of the subject itself, whoever the peers. */
    public static Cell ofSubject(String side) {
        return new Cell(null, 0, 0, side, Map.of());
    }

    /** The same, whatever allow-list covers it: what facts are about. */
    public Cell bare() {
        return allowedBy.isEmpty() ? this : new Cell(address, port, protocol, side, Map.of());
    }

    /** A number for distinct counts over a long episode: exact for IPv4, 64 mixed bits for IPv6. */
    public long fingerprint() {
        return fingerprint(address, port, protocol);
    }

    /** The fingerprint of a cell with these components; the address may be null. */
    public static long fingerprint(IpAddress address, int port, int protocol) {
        long service = (long) protocol << 16 | port;
        if (address == null) {
            return service;
        }
        return address.ipv6()
                ? mix(mix(mix(address.high()) ^ address.low()) ^ service) | Long.MIN_VALUE
                : (long) protocol << 48 | address.low() << 16 | port;
    }

    /** The fingerprint, mixed well: neighbours are far apart. */
    public long mixed() {
        return mix(fingerprint());
    }

    /** A number for a 5-tuple, likewise, though not exact. */
    public static long fingerprint(Endpoint one, Endpoint other, int protocol) {
        return mix(fingerprint(one.address(), one.port(), protocol))
                ^ fingerprint(other.address(), other.port(), protocol);
    }

    /** Mixed well: a scanner's cells are neighbours, and sums of neighbours collide. */
    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(mixed()) + Objects.hashCode(side)) + allowedBy.hashCode();
    }

    /** Equal in every component. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Cell that
                && port == that.port
                && protocol == that.protocol
                && Objects.equals(address, that.address)
                && Objects.equals(side, that.side)
                && (allowedBy == that.allowedBy || allowedBy.equals(that.allowedBy));
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
    public static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
