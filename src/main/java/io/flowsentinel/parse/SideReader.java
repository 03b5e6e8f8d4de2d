package io.flowsentinel.parse;

import io.flowsentinel.model.IpAddress;

/**
 * Reads the addresses of one side of a record: packet-level where the log has it, else plain, which makes the key
 * degraded. Reused for every line; one thread.
 */
final class SideReader {

    private static final String ADDRESS = "an IP address";

    private final FlowLogField plainField;
    private final FlowLogField packetField;
    private final AddressCache addresses;

    private FlowLogField endpointField;
    private IpAddress endpoint;
    private boolean ipv6;
    private IpAddress plain;

    SideReader(FlowLogField plainField, FlowLogField packetField, AddressCache addresses) {
        this.plainField = plainField;
        this.packetField = packetField;
        this.addresses = addresses;
    }

    /** Reads the side of a line; why it cannot be used, or null. */
    String read(Tokens tokens, FlowLogFormat format) {
        int plainColumn = present(tokens, format.column(plainField));
        int packetColumn = present(tokens, format.column(packetField));
        plain = plainColumn == FlowLogFormat.NO_COLUMN ? null : addresses.read(tokens, plainColumn);
        ipv6 = addresses.lastIsIpv6();
        if (plainColumn != FlowLogFormat.NO_COLUMN && plain == null) {
            return Reason.isNot(plainField, tokens.text(plainColumn), ADDRESS);
        }
        if (packetColumn == FlowLogFormat.NO_COLUMN) {
            endpointField = plainField;
            endpoint = plain;
            return endpoint != null ? null : noAddress(format);
        }
        endpointField = packetField;
        endpoint = packetAddress(tokens, packetColumn, plainColumn);
        return endpoint != null ? null : Reason.isNot(packetField, tokens.text(packetColumn), ADDRESS);
    }

    /** The same instance as the plain address where they are equal, which is nearly always. */
    private IpAddress packetAddress(Tokens tokens, int packetColumn, int plainColumn) {
        if (plain != null && tokens.same(packetColumn, plainColumn)) {
            return plain;
        }
        IpAddress read = addresses.read(tokens, packetColumn);
        ipv6 = addresses.lastIsIpv6();
        return read != null && read.equals(plain) ? plain : read;
    }

    private String noAddress(FlowLogFormat format) {
        return Reason.isNot(format.has(plainField) ? plainField : packetField, "-", ADDRESS);
    }

    private static int present(Tokens tokens, int column) {
        return column == FlowLogFormat.NO_COLUMN || tokens.absent(column) ? FlowLogFormat.NO_COLUMN : column;
    }

    /** The address of the endpoint. */
    IpAddress endpoint() {
        return endpoint;
    }

    /** Whether the endpoint has an IPv6 address. */
    boolean ipv6() {
        return ipv6;
    }

    /** The plain address; null where absent. */
    IpAddress plain() {
        return plain;
    }

    /** Which field the endpoint was read from. */
    FlowLogField endpointField() {
        return endpointField;
    }

    /** Whether the endpoint is the plain address for want of a packet-level one. */
    boolean degraded() {
        return endpointField == plainField;
    }
}
