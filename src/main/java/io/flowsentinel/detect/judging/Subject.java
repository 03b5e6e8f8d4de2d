package io.flowsentinel.detect.judging;

import io.flowsentinel.model.IpAddress;
import java.util.Objects;

/**
 * Whose behaviour is judged: the key of the exchange, and the key of all state of detection. What a family does not tell
 * apart is null or {@link #NONE}.
 *
 * @param space {@link Family#space()} of the families that judge it
 * @param scope as in the connection key; null for an external address, which is one whatever it talks to
 * @param address the one who is judged
 * @param other the other side
 * @param port service port
 * @param protocol IANA protocol number
 * @param name id of an interface, a role, a subnet or a flow log
 */
public record Subject(
        int space, String scope, IpAddress address, IpAddress other, int port, int protocol, String name) {

    /** The port or protocol of a subject that is told apart by neither. */
    public static final int NONE = -1;

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

    /**
     * Stable on every JVM and for ever: Flink routes by it. Mixed at each address, for those of an estate are close
     * together: a sum of multiples of two of them takes few values, and a map of all pairs would be a list.
     */
    @Override
    public int hashCode() {
        long hash = 31L * (31 * space + port) + protocol;
        hash = mixed(hash, address);
        hash = mixed(hash, other);
        return Long.hashCode(Cell.mix(hash + 31L * Objects.hashCode(scope) + Objects.hashCode(name)));
    }

    private static long mixed(long hash, IpAddress address) {
        return address == null ? Cell.mix(hash) : Cell.mix(Cell.mix(hash + address.low()) + address.high());
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Subject that
                && space == that.space
                && port == that.port
                && protocol == that.protocol
                && Objects.equals(address, that.address)
                && Objects.equals(other, that.other)
                && Objects.equals(scope, that.scope)
                && Objects.equals(name, that.name);
    }
}
