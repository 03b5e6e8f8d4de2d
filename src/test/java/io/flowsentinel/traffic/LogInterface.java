package io.flowsentinel.traffic;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.model.TcpFlags;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** An interface that logs: adds packets up to one record per direction, 5-tuple and action in each of its windows. */
final class LogInterface {

    private static final String NO_NAME = "-";

    private record Row(View view, boolean accepted) {}

    /** What the packets of one record add up to. */
    private record Sum(long first, long last, int flags, long packets, long bytes) {

        static Sum of(Packets one) {
            return new Sum(one.at(), one.at(), one.flags(), one.count(), one.bytes());
        }

        Sum plus(Sum other) {
            return new Sum(
                    Math.min(first, other.first),
                    Math.max(last, other.last),
                    flags | other.flags,
                    packets + other.packets,
                    bytes + other.bytes);
        }
    }

    private final Observer observer;
    private final LogFormat format;
    private final long windowSeconds;

    /** What its clock is off, and where in a window its windows begin. */
    private final long clockError;

    private final long phase;
    private final Luck luck;
    private final TreeMap<Long, Map<Row, Sum>> windows = new TreeMap<>();

    /** @param luck decides about its clock, and how exact and how complete its records are */
    LogInterface(Observer observer, LogFormat format, long windowSeconds, Luck luck) {
        this.observer = observer;
        this.format = format;
        this.windowSeconds = windowSeconds;
        this.clockError = luck.between(-29, 29);
        this.phase = luck.between(0, windowSeconds - 1);
        this.luck = luck;
    }

    void log(View view, boolean accepted, Packets packets) {
        windows.computeIfAbsent(
                        Math.floorDiv(packets.at() + clockError - phase, windowSeconds),
                        unused -> new LinkedHashMap<>())
                .merge(new Row(view, accepted), Sum.of(packets), Sum::plus);
    }

    /** Writes the records of all windows, except some that got lost, and what it says about those. */
    void write(Traffic.Log out) {
        windows.forEach((window, rows) -> write(window * windowSeconds + phase, rows, out));
    }

    private void write(long begin, Map<Row, Sum> rows, Traffic.Log out) {
        boolean skipping = luck.oneIn(40);
        boolean batchTimes = !luck.oneIn(3);
        long batchStart = begin + luck.between(0, 4);
        long batchEnd = begin + windowSeconds - luck.between(1, 8);
        rows.forEach((row, sum) -> {
            if (!luck.oneIn(100) && !(skipping && luck.oneIn(2))) {
                long start = batchTimes ? batchStart : sum.first() + clockError;
                long end = batchTimes ? batchEnd : sum.last() + clockError;
                out.record(record(row, sum, start, end));
            }
        });
        if (skipping) {
            out.coverage(new CoverageRecord(
                    observer, CoverageRecord.Status.SKIPDATA, batchStart, batchEnd, out.reference()));
        }
    }

    private FlowRecord record(Row row, Sum sum, long start, long end) {
        View view = row.view();
        boolean blockPublicAccess = !row.accepted() && luck.oneIn(10);
        boolean degraded = !format.packetAddresses() || observer.interfaceId().equals(NO_NAME);
        return new FlowRecord(
                observer,
                view.protocol(),
                endpoint(view.source(), view.plainSource()),
                endpoint(view.destination(), view.plainDestination()),
                view.plainSource(),
                view.plainDestination(),
                row.accepted() ? Action.ACCEPT : Action.REJECT,
                direction(view),
                format.flags() ? flags(sum.flags()) : TcpFlags.ABSENT,
                sum.packets(),
                blockPublicAccess ? 0 : sum.bytes(),
                start,
                end,
                annotations(view, blockPublicAccess),
                (degraded ? FlowRecord.DEGRADED : 0) | (blockPublicAccess ? FlowRecord.NO_BYTES : 0),
                new RecordRef("", 0));
    }

    private Endpoint endpoint(Endpoint packet, IpAddress plain) {
        return format.packetAddresses() ? packet : new Endpoint(plain, packet.port());
    }

    private FlowDirection direction(View view) {
        if (!format.direction()) {
            return FlowDirection.ABSENT;
        }
        return view.egress() ? FlowDirection.EGRESS : FlowDirection.INGRESS;
    }

    /** Now and then a bit that means nothing here. */
    private int flags(int flags) {
        return (flags & TcpFlags.SYN) == 0 && luck.oneIn(50) ? flags | (luck.oneIn(2) ? 8 : 16) : flags;
    }

    private Annotations annotations(View view, boolean blockPublicAccess) {
        int path = format.direction() && view.egress() ? (int) luck.between(1, 9) : Annotations.NO_PATH;
        return new Annotations(
                path,
                blockPublicAccess ? "BPA" : null,
                format.packetAddresses() ? Estate.service(view.source().address()) : null,
                format.packetAddresses() ? Estate.service(view.destination().address()) : null);
    }
}
