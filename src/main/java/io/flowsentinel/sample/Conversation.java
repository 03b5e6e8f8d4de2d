package io.flowsentinel.sample;

import java.util.List;

/**
 * The way between two ends, past every interface that logs. Packets travel it in either direction until a filter stops
 * them; the interface with the filter logs a REJECT, the ones behind it see nothing.
 */
public final class Conversation {

    private static final int NOWHERE = -1;

    private final Wire wire;

    /** From the originator to the responder. */
    private final List<Tap> taps;

    private int forwardFilter = NOWHERE;
    private int replyFilter = NOWHERE;

    public Conversation(Wire wire, List<Tap> taps) {
        this.wire = wire;
        this.taps = List.copyOf(taps);
    }

    /** The last interface's security group does not allow what the originator sends. */
    public Conversation deniedByResponder() {
        forwardFilter = taps.size() - 1;
        return this;
    }

    /** The network ACL of the last interface's subnet does not let the responder's packets out. */
    public Conversation repliesDenied() {
        replyFilter = taps.size() - 1;
        return this;
    }

    /** Packets of the originator. {@code bytes} counts IP headers. */
    public void forward(long atMillis, int flags, long packets, long bytes) {
        for (int i = 0; i < taps.size(); i++) {
            Tap tap = taps.get(i);
            boolean denied = i == forwardFilter;
            wire.log(tap.nic(), tap.forward(), !denied, atMillis, flags, packets, bytes);
            if (denied) {
                return;
            }
        }
    }

    /** Packets of the responder. {@code bytes} counts IP headers. */
    public void reply(long atMillis, int flags, long packets, long bytes) {
        for (int i = taps.size() - 1; i >= 0; i--) {
            Tap tap = taps.get(i);
            boolean denied = i == replyFilter;
            wire.log(tap.nic(), tap.reply(), !denied, atMillis, flags, packets, bytes);
            if (denied) {
                return;
            }
        }
    }
}
