package io.flowsentinel.parse;

import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.RecordRef;

/**
 * Reads a usable record from the fields of a line, or says why it is none. What a usable record is: both endpoints,
 * ports, protocol and times known, numbers in range, one address family. Reused for every line; one thread.
 *
 * <p>No exceptions for bad data: {@link #read} returns null and {@link #fault} the reason.
 */
final class RecordReader {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_PROTOCOL = 255;
    private static final String PORT = "a port from 0 to 65535";

    private final ParserCaches caches;
    private final SideReader source;
    private final SideReader destination;
    private final IntervalReader interval = new IntervalReader();
    private final VerdictReader verdict = new VerdictReader();

    private String fault;
    private int sourcePort;
    private int destinationPort;
    private int protocol;
    private long packets;
    private long bytes;
    private int absent;

    RecordReader(ParserCaches caches) {
        this.caches = caches;
        this.source = new SideReader(FlowLogField.SRCADDR, FlowLogField.PKT_SRCADDR, caches.addresses());
        this.destination = new SideReader(FlowLogField.DSTADDR, FlowLogField.PKT_DSTADDR, caches.addresses());
    }

    /** The record; null where the line is none, see {@link #fault}. The format must be without fault. */
    FlowRecord read(Tokens tokens, FlowLogFormat format, String object, long lineNumber) {
        fault = null;
        boolean usable = readAddresses(tokens, format)
                && readNumbers(tokens, format)
                && is(interval.read(tokens, format))
                && is(verdict.read(tokens, format));
        Annotations annotations = usable ? readAnnotations(tokens, format) : null;
        return annotations == null ? null : record(tokens, format, annotations, new RecordRef(object, lineNumber));
    }

    /** Why the last line was no usable record; null where it was one. */
    String fault() {
        return fault;
    }

    private FlowRecord record(Tokens tokens, FlowLogFormat format, Annotations annotations, RecordRef ref) {
        return new FlowRecord(
                caches.observer(tokens, format),
                protocol,
                new Endpoint(source.endpoint(), sourcePort),
                new Endpoint(destination.endpoint(), destinationPort),
                source.plain(),
                destination.plain(),
                verdict.action(),
                verdict.direction(),
                verdict.tcpFlags(),
                packets,
                bytes,
                interval.start(),
                interval.end(),
                annotations,
                absent
                        | (verdict.actionAbsent() ? FlowRecord.NO_ACTION : 0)
                        | (degraded(tokens, format) ? FlowRecord.DEGRADED : 0),
                ref);
    }

    private boolean degraded(Tokens tokens, FlowLogFormat format) {
        return source.degraded() || destination.degraded() || !ObserverMaker.namesInterface(tokens, format);
    }

    private boolean is(String reason) {
        fault = reason;
        return reason == null;
    }

    private boolean readAddresses(Tokens tokens, FlowLogFormat format) {
        return is(source.read(tokens, format)) && is(destination.read(tokens, format)) && isOneFamily();
    }

    private boolean isOneFamily() {
        return source.ipv6() == destination.ipv6()
                || is(Reason.isNot(
                        destination.endpointField(),
                        destination.endpoint().toString(),
                        "of the address family of " + source.endpointField().awsName() + " '" + source.endpoint()
                                + "'"));
    }

    private boolean readNumbers(Tokens tokens, FlowLogFormat format) {
        sourcePort = (int) readNumber(tokens, format, FlowLogField.SRCPORT, MAX_PORT, PORT);
        if (fault != null) {
            return false;
        }
        destinationPort = (int) readNumber(tokens, format, FlowLogField.DSTPORT, MAX_PORT, PORT);
        if (fault != null) {
            return false;
        }
        protocol = (int) readNumber(tokens, format, FlowLogField.PROTOCOL, MAX_PROTOCOL, "a protocol from 0 to 255");
        if (fault != null) {
            return false;
        }
        absent = 0;
        packets = readCount(tokens, format, FlowLogField.PACKETS, FlowRecord.NO_PACKETS);
        if (fault != null) {
            return false;
        }
        bytes = readCount(tokens, format, FlowLogField.BYTES, FlowRecord.NO_BYTES);
        return fault == null;
    }

    /** Absent counts as 0: the format does not have it, or AWS does not supply it (Block Public Access rejects). */
    private long readCount(Tokens tokens, FlowLogFormat format, FlowLogField field, int absentBit) {
        int column = format.column(field);
        if (column == FlowLogFormat.NO_COLUMN || tokens.absent(column)) {
            absent |= absentBit;
            return 0;
        }
        return readNumber(tokens, format, field, Long.MAX_VALUE, "a count from 0 to 9223372036854775807");
    }

    private long readNumber(Tokens tokens, FlowLogFormat format, FlowLogField field, long max, String expected) {
        int column = format.column(field);
        long number = tokens.number(column);
        if (number == Tokens.NOT_A_NUMBER || number > max) {
            fault = Reason.isNot(field, tokens.text(column), expected);
        }
        return number;
    }

    private Annotations readAnnotations(Tokens tokens, FlowLogFormat format) {
        Annotations annotations = caches.annotations(tokens, format);
        if (annotations == null) {
            String path = tokens.text(format.column(FlowLogField.TRAFFIC_PATH));
            fault = Reason.isNot(FlowLogField.TRAFFIC_PATH, path, "a number");
        }
        return annotations;
    }
}
