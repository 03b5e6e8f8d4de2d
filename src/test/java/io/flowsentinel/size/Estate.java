package io.flowsentinel.size;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.model.TcpFlags;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;

/**
 * What the interfaces of 20 subnets in 5 VPCs of 3 accounts log. Computed from numbers, so that it needs no room, and
 * the same each time.
 *
 * <p>Connection i begins or ends at interface i modulo their number. Every third is with another interface of the same
 * VPC, so that both ends log it; the others are with addresses outside, half of them inbound. One in ten is IPv6. Its
 * windows lie at one minute of every slot.
 */
final class Estate {

    static final int SUBNETS = 20;

    private static final int VPCS = 5;
    private static final int ACCOUNTS = 3;
    private static final int BOTH_ENDS_LOG = 3;
    private static final int IPV6 = 10;

    private static final int OUTSIDE = -1;
    private static final int HTTPS = 443;
    private static final int DNS = 53;
    private static final int TELNET = 23;
    private static final int FIRST_EPHEMERAL_PORT = 32_768;
    private static final int EPHEMERAL_PORTS = 28_232;
    private static final int TEN = 10 << 24;

    /** 198.18.0.0/15, reserved for measurements (RFC 2544). */
    private static final int OUTSIDE_NETWORK = 198 << 24 | 18 << 16;

    private static final int OUTSIDE_HOST_BITS = 17;
    private static final int OUTSIDE_FIRST_PORT = 49_152;
    private static final int OUTSIDE_PORT_BITS = 14;

    /** 2001:db8::/32, reserved for documentation (RFC 3849). */
    private static final long DOCUMENTATION = 0x2001_0db8L << 32;

    private static final int MAX_JITTER = 10;
    private static final int MIN_LENGTH = 30;

    private static final Annotations INGRESS = Annotations.NONE;
    private static final Annotations TO_SAME_VPC = new Annotations(1, null, null, null);
    private static final Annotations TO_INTERNET = new Annotations(8, null, null, null);

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SLOT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'").withZone(ZoneOffset.UTC);

    private final Observer[] interfaces;
    private final String[] objects = new String[VPCS];
    private int objectsOfSlot = -1;

    Estate(int interfaces) {
        this.interfaces = new Observer[interfaces];
        for (int i = 0; i < interfaces; i++) {
            this.interfaces[i] = observer(i);
        }
    }

    /** How many records so many connections have in one slot: two for each interface that logs. */
    static long recordsOf(int connections) {
        return 2L * (connections + (connections + BOTH_ENDS_LOG - 1) / BOTH_ENDS_LOG);
    }

    private record Ends(Endpoint originator, int originatorsInterface, Endpoint responder, int respondersInterface) {

        boolean inside() {
            return originatorsInterface != OUTSIDE && respondersInterface != OUTSIDE;
        }
    }

    /** Gives the records of one item of traffic in one slot. */
    void log(Traffic traffic, int item, int slot, Consumer<FlowRecord> out) {
        switch (traffic) {
            case NONE -> {}
            case GREETINGS -> greeting(item, slot, out);
            case OPENINGS -> conversation(item, slot, TcpFlags.SYN, TcpFlags.SYN_ACK, out);
            case DATA -> conversation(item, slot, 0, 0, out);
            case UNANSWERED -> attempt(item, slot, out);
        }
    }

    private void greeting(int item, int slot, Consumer<FlowRecord> out) {
        Endpoint source = new Endpoint(address(item, false), FIRST_EPHEMERAL_PORT);
        Endpoint destination = new Endpoint(outside(item, false).address(), DNS);
        out.accept(new Window(item, slot).record(item, FlowRecord.UDP, source, destination, TO_INTERNET, 0));
    }

    private void attempt(int item, int slot, Consumer<FlowRecord> out) {
        int at = item % interfaces.length;
        boolean ipv6 = ipv6(item);
        Endpoint scanned = new Endpoint(address(at, ipv6), TELNET);
        out.accept(
                new Window(item, slot).record(at, FlowRecord.TCP, outside(item, ipv6), scanned, INGRESS, TcpFlags.SYN));
    }

    private void conversation(int item, int slot, int originatorFlags, int responderFlags, Consumer<FlowRecord> out) {
        Ends ends = ends(item);
        Annotations egress = ends.inside() ? TO_SAME_VPC : TO_INTERNET;
        Window window = new Window(item, slot);
        for (int at : new int[] {ends.originatorsInterface, ends.respondersInterface}) {
            if (at == OUTSIDE) {
                continue;
            }
            boolean originates = at == ends.originatorsInterface;
            out.accept(window.record(
                    at,
                    FlowRecord.TCP,
                    ends.originator,
                    ends.responder,
                    originates ? egress : INGRESS,
                    originatorFlags));
            out.accept(window.record(
                    at,
                    FlowRecord.TCP,
                    ends.responder,
                    ends.originator,
                    originates ? INGRESS : egress,
                    responderFlags));
        }
    }

    private Ends ends(int item) {
        int at = item % interfaces.length;
        int ordinal = item / interfaces.length;
        int port = FIRST_EPHEMERAL_PORT + ordinal % EPHEMERAL_PORTS;
        boolean ipv6 = ipv6(item);
        if (item % BOTH_ENDS_LOG == 0) {
            int peer = peer(at, 1 + ordinal / EPHEMERAL_PORTS);
            return new Ends(new Endpoint(address(at, ipv6), port), at, new Endpoint(address(peer, ipv6), HTTPS), peer);
        }
        Endpoint outside = outside(item, ipv6);
        return item % BOTH_ENDS_LOG == 1
                ? new Ends(outside, OUTSIDE, new Endpoint(address(at, ipv6), HTTPS), at)
                : new Ends(new Endpoint(address(at, ipv6), port), at, new Endpoint(outside.address(), HTTPS), OUTSIDE);
    }

    /** Another interface of the same VPC. */
    private int peer(int at, int further) {
        int ofVpc = interfaces.length / VPCS;
        return at % VPCS + VPCS * ((at / VPCS + further) % ofVpc);
    }

    private static boolean ipv6(int item) {
        return item / 7 % IPV6 == 0;
    }

    private static IpAddress address(int at, boolean ipv6) {
        int network = at % SUBNETS;
        int host = at / SUBNETS;
        return ipv6 ? IpAddress.ipv6(DOCUMENTATION | network, mix(at)) : IpAddress.ipv4(TEN | network << 16 | host);
    }

    /** Another endpoint for each item, from all over the network. */
    private static Endpoint outside(int item, boolean ipv6) {
        int bits = item * 0x9E3779B1 & (1 << OUTSIDE_HOST_BITS + OUTSIDE_PORT_BITS) - 1;
        int host = bits & (1 << OUTSIDE_HOST_BITS) - 1;
        IpAddress address =
                ipv6 ? IpAddress.ipv6(DOCUMENTATION | 0xffff, mix(host)) : IpAddress.ipv4(OUTSIDE_NETWORK | host);
        return new Endpoint(address, OUTSIDE_FIRST_PORT + (bits >>> OUTSIDE_HOST_BITS));
    }

    private final class Window {

        private final int item;
        private final int slot;
        private final long bits;
        private int records;

        Window(int item, int slot) {
            this.item = item;
            this.slot = slot;
            this.bits = mix((long) slot << Integer.SIZE | item);
        }

        FlowRecord record(
                int at, int protocol, Endpoint source, Endpoint destination, Annotations annotations, int flags) {
            long packets = 1 + (bits >>> 8 * records & 0xff);
            long start = Slot.start(slot) + 60L * (item % Slot.MINUTES) + Long.remainderUnsigned(bits, MAX_JITTER);
            return new FlowRecord(
                    interfaces[at],
                    protocol,
                    source,
                    destination,
                    source.address(),
                    destination.address(),
                    Action.ACCEPT,
                    annotations.equals(INGRESS) ? FlowDirection.INGRESS : FlowDirection.EGRESS,
                    flags,
                    packets,
                    packets * (52 + (bits >>> 32 & 0x3ff)),
                    start,
                    start + MIN_LENGTH + (bits >>> 60),
                    annotations,
                    0,
                    new RecordRef(object(at % VPCS, slot), line()));
        }

        private long line() {
            records++;
            return 1 + item / VPCS * 4L + records;
        }
    }

    private String object(int vpc, int slot) {
        if (objectsOfSlot != slot) {
            for (int i = 0; i < VPCS; i++) {
                objects[i] = objectName(i, slot);
            }
            objectsOfSlot = slot;
        }
        return objects[vpc];
    }

    private static String objectName(int vpc, int slot) {
        Instant start = Instant.ofEpochSecond(Slot.start(slot));
        String account = account(vpc);
        return "s3://central-flow-logs/AWSLogs/%s/vpcflowlogs/eu-west-1/%s/%s_vpcflowlogs_eu-west-1_%s_%s_%08x.log.gz"
                .formatted(account, DAY.format(start), account, id("fl", vpc), SLOT.format(start), (int)
                        mix((long) slot << Integer.SIZE | vpc));
    }

    private static Observer observer(int at) {
        int subnet = at % SUBNETS;
        int vpc = at % VPCS;
        String vpcId = id("vpc", vpc);
        return new Observer(
                vpcId,
                id("eni", at),
                account(vpc),
                "eu-west-1",
                "euw1-az" + (1 + subnet % 3),
                vpcId,
                id("subnet", subnet),
                id("i", at),
                "interface",
                "web-" + subnet);
    }

    private static String account(int vpc) {
        return String.valueOf(111_122_223_333L + vpc % ACCOUNTS);
    }

    /** As AWS writes them: a prefix and 17 hex digits. */
    private static String id(String prefix, int number) {
        return "%s-0%016x".formatted(prefix, mix(((long) prefix.hashCode() << Integer.SIZE) + number));
    }

    /** Spreads a number over 64 bits; no two give the same (the finish of SplitMix64). */
    private static long mix(long number) {
        long mixed = number + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
