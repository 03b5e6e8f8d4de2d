package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.TcpFlags;

/**
 * What one interface has logged so far of one direction under one action. Grows in place, record by record.
 */
final class Observed {

    /** No SYN-bearing record yet; before every time there is. */
    static final long NEVER = Long.MIN_VALUE;

    /** Prefix of the ids of transit gateway attachments: they forward, whatever their plain addresses say. */
    private static final String ATTACHMENT = "tgw-attach-";

    // The bits are part of every savepoint: they never change.
    static final int FROM_LOWER = 1;
    static final int ACCEPTED = 1 << 1;
    static final int OWN = 1 << 2;
    static final int FLAGS_KNOWN = 1 << 3;
    static final int SYN_ONLY = 1 << 4;
    static final int SYN_ACK = 1 << 5;
    static final int SYN_AND_FIN = 1 << 6;
    static final int INGRESS = 1 << 7;
    static final int EGRESS = 1 << 8;
    static final int NO_DIRECTION = 1 << 9;

    final Observer observer;
    int bits;
    int flags;
    int records;
    int trafficPath;
    long packets;
    long bytes;
    long start;
    long end;
    long synEnd;

    Observed(Observer observer) {
        this.observer = observer;
    }

    /** The first record of an interface, a direction and an action. */
    static Observed first(FlowRecord flow, boolean fromLower) {
        Observed first = new Observed(flow.observer());
        first.bits = OWN | (fromLower ? FROM_LOWER : 0) | (flow.accepted() ? ACCEPTED : 0);
        first.trafficPath = Annotations.NO_PATH;
        first.start = flow.start();
        first.end = flow.end();
        first.synEnd = NEVER;
        first.add(flow);
        return first;
    }

    /** Counters add, flags OR (fold rule 1). */
    void add(FlowRecord flow) {
        int added = TcpFlags.mask(flow.tcpFlags());
        flags |= added;
        records++;
        packets = Volume.sum(packets, flow.packets());
        bytes = Volume.sum(bytes, flow.bytes());
        start = Math.min(start, flow.start());
        end = Math.max(end, flow.end());
        if ((added & TcpFlags.SYN) != 0) {
            synEnd = Math.max(synEnd, flow.end());
        }
        if (trafficPath == Annotations.NO_PATH) {
            trafficPath = flow.annotations().trafficPath();
        }
        bits |= seenIn(flow, added);
        if (flow.forwarded() || observer.interfaceId().startsWith(ATTACHMENT)) {
            bits &= ~OWN;
        }
    }

    private static int seenIn(FlowRecord flow, int masked) {
        int seen = flow.tcpFlags() == TcpFlags.ABSENT ? 0 : FLAGS_KNOWN;
        seen |= TcpFlags.opens(masked) ? SYN_ONLY : 0;
        seen |= TcpFlags.answers(masked) ? SYN_ACK : 0;
        seen |= synAndFin(masked) ? SYN_AND_FIN : 0;
        return seen
                | switch (flow.flowDirection()) {
                    case INGRESS -> INGRESS;
                    case EGRESS -> EGRESS;
                    case ABSENT -> NO_DIRECTION;
                };
    }

    private static boolean synAndFin(int masked) {
        return (masked & TcpFlags.SYN) != 0 && (masked & TcpFlags.FIN) != 0;
    }

    boolean has(int bit) {
        return (bits & bit) != 0;
    }

    boolean fromLower() {
        return has(FROM_LOWER);
    }

    boolean accepted() {
        return has(ACCEPTED);
    }

    boolean by(Observer other) {
        return observer.interfaceId().equals(other.interfaceId());
    }

    /** Relative to the interface; absent where the records do not say, or not with one voice. */
    FlowDirection flowDirection() {
        if (has(INGRESS) == has(EGRESS)) {
            return FlowDirection.ABSENT;
        }
        return has(INGRESS) ? FlowDirection.INGRESS : FlowDirection.EGRESS;
    }

    Observation observation(boolean originatorIsLower) {
        return new Observation(
                observer,
                fromLower() == originatorIsLower,
                accepted() ? Action.ACCEPT : Action.REJECT,
                flowDirection(),
                has(OWN),
                has(FLAGS_KNOWN) ? flags : TcpFlags.ABSENT,
                packets,
                bytes,
                start,
                end,
                records);
    }
}
