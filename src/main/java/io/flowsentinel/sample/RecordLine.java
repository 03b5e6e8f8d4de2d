package io.flowsentinel.sample;

/** The text of one record, in the field order of {@link #HEADER}: all fields of version 2, then some up to version 5. */
public final class RecordLine {

    public static final String HEADER =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
                    + " start end action log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region"
                    + " az-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path";

    private static final int VERSION = 5;

    private RecordLine() {}

    static String of(Nic nic, View view, boolean accepted, Counters counters, long start, long end) {
        StringBuilder line = begin(nic);
        add(line, view.source());
        add(line, view.destination());
        add(line, view.sourcePort());
        add(line, view.destinationPort());
        add(line, view.protocol());
        add(line, counters.packets());
        add(line, counters.bytes());
        add(line, start);
        add(line, end);
        add(line, accepted ? "ACCEPT" : "REJECT");
        add(line, "OK");
        place(line, nic);
        add(line, counters.flags());
        add(line, view.source().indexOf(':') >= 0 ? "IPv6" : "IPv4");
        add(line, view.packetSource());
        add(line, view.packetDestination());
        add(line, Estate.REGION);
        add(line, nic.azId());
        add(line, view.sourceService());
        add(line, view.destinationService());
        add(line, view.egress() ? "egress" : "ingress");
        add(line, view.path());
        return line.toString();
    }

    /** A NODATA or SKIPDATA record: only what belongs to the interface and the interval is there. */
    static String withoutData(Nic nic, long start, long end, String logStatus) {
        StringBuilder line = begin(nic);
        dashes(line, 7);
        add(line, start);
        add(line, end);
        add(line, "-");
        add(line, logStatus);
        place(line, nic);
        dashes(line, 4);
        add(line, Estate.REGION);
        add(line, nic.azId());
        dashes(line, 4);
        return line.toString();
    }

    private static StringBuilder begin(Nic nic) {
        StringBuilder line = new StringBuilder(280).append(VERSION);
        add(line, nic.accountId());
        add(line, nic.interfaceId());
        return line;
    }

    private static void place(StringBuilder line, Nic nic) {
        add(line, Estate.VPC);
        add(line, nic.subnetId());
        add(line, nic.instanceId());
    }

    private static void dashes(StringBuilder line, int fields) {
        line.append(" -".repeat(fields));
    }

    private static void add(StringBuilder line, String value) {
        line.append(' ').append(value);
    }

    private static void add(StringBuilder line, long value) {
        line.append(' ').append(value);
    }
}
