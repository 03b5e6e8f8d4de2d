package io.flowsentinel.detect.judging;

import io.flowsentinel.model.IpAddress;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Whose behaviour is judged: the key of the exchange, and the key of all state of detection. What a family does not tell
 * apart is null or {@link #NONE}.
 */
public final class Subject {

    /** The port or protocol of a subject that is told apart by neither. */
    public static final int NONE = -1;

    private static final int FIRST_IPV4 = 1;
    private static final int FIRST_IPV6 = 1 << 1;
    private static final int OTHER_IPV4 = 1 << 2;
    private static final int OTHER_IPV6 = 1 << 3;

    private final int space;
    private final int port;
    private final int protocol;
    private final String scope;
    private final String name;

    /** The addresses as numbers: subjects are compared all the time, and their addresses rarely asked for. */
    private final int addresses;

    private final long high;
    private final long low;
    private final long otherHigh;
    private final long otherLow;

    /** Worked out once. */
    private final int hash;

    /**
     * A subject.
     *
     * @param space {@link Family#space()} of the families that judge it
     * @param scope as in the connection key; null for an external address, which is one whatever it talks to
     * @param address the one who is judged
     * @param other the other side
     * @param port service port
     * @param protocol IANA protocol number
     * @param name id of an interface, a role, a subnet or a flow log
     */
    public Subject(int space, String scope, IpAddress address, IpAddress other, int port, int protocol, String name) {
        this.space = space;
        this.scope = scope;
        this.port = port;
        this.protocol = protocol;
        this.name = name;
        this.addresses = kind(address, FIRST_IPV4, FIRST_IPV6) | kind(other, OTHER_IPV4, OTHER_IPV6);
        this.high = address == null ? 0 : address.high();
        this.low = address == null ? 0 : address.low();
        this.otherHigh = other == null ? 0 : other.high();
        this.otherLow = other == null ? 0 : other.low();
        this.hash = hash();
    }

    private static int kind(IpAddress address, int ipv4, int ipv6) {
        if (address == null) {
            return 0;
        }
        return address.ipv6() ? ipv6 : ipv4;
    }

    /** An address. */
    public static Subject of(int space, String scope, IpAddress address) {
        return new Subject(space, scope, address, null, NONE, NONE, null);
    }

    /** Two addresses, the first of which is judged. */
    public static Subject of(int space, String scope, IpAddress address, IpAddress other) {
        return new Subject(space, scope, address, other, NONE, NONE, null);
    }

    /** A service of an address. */
    public static Subject of(int space, String scope, IpAddress address, int port) {
        return new Subject(space, scope, address, null, port, NONE, null);
    }

    /** What an address does to one service of another. */
    public static Subject of(int space, String scope, IpAddress address, IpAddress other, int port, int protocol) {
        return new Subject(space, scope, address, other, port, protocol, null);
    }

    /** Something that has a name. */
    public static Subject of(int space, String scope, String name) {
        return new Subject(space, scope, null, null, NONE, NONE, name);
    }

    /** {@link Family#space()} of the families that judge it. */
    public int space() {
        return space;
    }

    /** Scope of the address; null where it has none. */
    public String scope() {
        return scope;
    }

    /** Null where no address is judged. */
    public IpAddress address() {
        return address(addresses & (FIRST_IPV4 | FIRST_IPV6), FIRST_IPV6, high, low);
    }

    /** The other address; null where there is none. */
    public IpAddress other() {
        return address(addresses & (OTHER_IPV4 | OTHER_IPV6), OTHER_IPV6, otherHigh, otherLow);
    }

    private static IpAddress address(int kind, int ipv6, long high, long low) {
        if (kind == 0) {
            return null;
        }
        return kind == ipv6 ? IpAddress.ipv6(high, low) : IpAddress.ipv4((int) low);
    }

    /** Writes {@link #address} and {@link #other} without making them: either may be null. */
    public void writeAddresses(DataOutputView out) throws IOException {
        write(addresses & (FIRST_IPV4 | FIRST_IPV6), FIRST_IPV6, high, low, out);
        write(addresses & (OTHER_IPV4 | OTHER_IPV6), OTHER_IPV6, otherHigh, otherLow, out);
    }

    private static void write(int kind, int ipv6, long high, long low, DataOutputView out) throws IOException {
        if (kind == 0) {
            Wire.writeNullableAddress(null, out);
        } else {
            Wire.writeAddress(kind == ipv6, high, low, out);
        }
    }

    /** {@link #NONE} where none tells it apart. */
    public int port() {
        return port;
    }

    /** IANA protocol number, likewise. */
    public int protocol() {
        return protocol;
    }

    /** Null where it has none. */
    public String name() {
        return name;
    }

    /**
     * Stable on every JVM and for ever: Flink routes by it. Mixed at each address, for those of an estate are close
     * together: a sum of multiples of two of them takes few values, and a map of all pairs would be a list.
     */
    @Override
    public int hashCode() {
        return hash;
    }

    private int hash() {
        long mixed = 31L * (31 * space + port) + protocol;
        mixed = mixed(mixed, (addresses & (FIRST_IPV4 | FIRST_IPV6)) != 0, high, low);
        mixed = mixed(mixed, (addresses & (OTHER_IPV4 | OTHER_IPV6)) != 0, otherHigh, otherLow);
        return Long.hashCode(Cell.mix(mixed + 31L * Objects.hashCode(scope) + Objects.hashCode(name)));
    }

    private static long mixed(long hash, boolean present, long high, long low) {
        return present ? Cell.mix(Cell.mix(hash + low) + high) : Cell.mix(hash);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Subject that
                && hash == that.hash
                && low == that.low
                && otherLow == that.otherLow
                && high == that.high
                && otherHigh == that.otherHigh
                && addresses == that.addresses
                && space == that.space
                && port == that.port
                && protocol == that.protocol
                && Objects.equals(scope, that.scope)
                && Objects.equals(name, that.name);
    }

    @Override
    public String toString() {
        return "Subject[" + space + " " + scope + " " + address() + " " + other() + " " + port + " " + protocol + " "
                + name + "]";
    }
}
