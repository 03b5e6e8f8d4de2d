package io.flowsentinel.parse;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.TcpFlags;
import java.nio.charset.StandardCharsets;

/**
 * Reads what was done with the packets, which way they went and which TCP flags they had. Reused for every line; one
 * thread.
 */
final class VerdictReader {

    private static final byte[] ACCEPT = ascii("ACCEPT");
    private static final byte[] REJECT = ascii("REJECT");
    private static final byte[] INGRESS = ascii("ingress");
    private static final byte[] EGRESS = ascii("egress");

    private Action action;
    private boolean actionAbsent;
    private FlowDirection direction;
    private int tcpFlags;

    /** Reads all three; why they cannot be used, or null. */
    String read(Tokens tokens, FlowLogFormat format) {
        String fault = readAction(tokens, format.column(FlowLogField.ACTION));
        if (fault == null) {
            fault = readDirection(tokens, format.column(FlowLogField.FLOW_DIRECTION));
        }
        return fault != null ? fault : readFlags(tokens, format);
    }

    /** A format without action logs what passed, as a transit gateway does. */
    private String readAction(Tokens tokens, int column) {
        action = Action.ACCEPT;
        actionAbsent = column == FlowLogFormat.NO_COLUMN || tokens.absent(column);
        if (actionAbsent || tokens.is(column, ACCEPT)) {
            return null;
        }
        action = Action.REJECT;
        return tokens.is(column, REJECT)
                ? null
                : Reason.isNot(FlowLogField.ACTION, tokens.text(column), "ACCEPT or REJECT");
    }

    private String readDirection(Tokens tokens, int column) {
        direction = FlowDirection.ABSENT;
        if (column == FlowLogFormat.NO_COLUMN || tokens.absent(column)) {
            return null;
        }
        direction = tokens.is(column, INGRESS) ? FlowDirection.INGRESS : FlowDirection.EGRESS;
        return direction == FlowDirection.INGRESS || tokens.is(column, EGRESS)
                ? null
                : Reason.isNot(FlowLogField.FLOW_DIRECTION, tokens.text(column), "ingress or egress");
    }

    /** A transit gateway sets bit 16 for data packets too, so SYN-ACK cannot be told: its flags count as absent. */
    private String readFlags(Tokens tokens, FlowLogFormat format) {
        tcpFlags = TcpFlags.ABSENT;
        int column = format.column(FlowLogField.TCP_FLAGS);
        if (column == FlowLogFormat.NO_COLUMN || format.transitGateway() || tokens.absent(column)) {
            return null;
        }
        long flags = tokens.number(column);
        if (flags == Tokens.NOT_A_NUMBER || flags > Integer.MAX_VALUE) {
            return Reason.isNot(FlowLogField.TCP_FLAGS, tokens.text(column), "a set of TCP flags");
        }
        tcpFlags = (int) flags;
        return null;
    }

    Action action() {
        return action;
    }

    /** Whether {@link #action} is ACCEPT for want of one. */
    boolean actionAbsent() {
        return actionAbsent;
    }

    FlowDirection direction() {
        return direction;
    }

    /** As logged, or {@link TcpFlags#ABSENT}. */
    int tcpFlags() {
        return tcpFlags;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
