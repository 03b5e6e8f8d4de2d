package io.flowsentinel.traffic;

import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Hosts in two VPCs with the same ranges, hosts outside, gateways between them, and the ways packets take. */
final class Estate {

    private static final int HOSTS_PER_VPC = 14;
    private static final int OUTSIDE = 12;

    /** One interface in so many has no name in the log. */
    private static final int NAMELESS = 20;

    private static final List<String> VPCS = List.of("vpc-0a", "vpc-0b");

    /**
     * A host that talks.
     *
     * @param nic its interface; null where none of ours
     */
    private record Host(String vpc, IpAddress address, LogInterface nic) {}

    private final Luck luck;
    private final long windowSeconds;
    private final List<Host> inside = new ArrayList<>();
    private final List<Host> outside;
    private final List<LogInterface> interfaces = new ArrayList<>();
    private final LogInterface natGateway;
    private final LogInterface firstAttachment;
    private final LogInterface secondAttachment;
    private final IpAddress natAddress = address(false, 0x0a00_0fdc);
    private int mappedPorts;

    Estate(long windowSeconds, Luck luck) {
        this.luck = luck;
        this.windowSeconds = windowSeconds;
        for (String vpc : VPCS) {
            IntStream.range(0, HOSTS_PER_VPC)
                    .mapToObj(i -> new Host(
                            vpc, address(i % 5 == 0, 0x0a00_0100 + i), nic(vpc, "eni-" + vpc.charAt(5) + i, true)))
                    .forEach(inside::add);
        }
        outside = IntStream.range(0, OUTSIDE)
                .mapToObj(i -> new Host(null, address(i % 5 == 0, 0xc633_6400 + i), null))
                .toList();
        natGateway = nic(VPCS.get(0), "eni-nat", false);
        firstAttachment = nic(VPCS.get(1), "eni-tgw1", false);
        secondAttachment = nic(VPCS.get(1), "eni-tgw2", false);
    }

    List<LogInterface> interfaces() {
        return interfaces;
    }

    /** The AWS service of an address outside; null where it has none. */
    static String service(IpAddress address) {
        return (address.low() & 0xffff_ff0f) == 0xc633_6403L ? "S3" : null;
    }

    private LogInterface nic(String vpc, String id, boolean instance) {
        int number = interfaces.size();
        boolean nameless = instance && number % NAMELESS == NAMELESS - 1;
        Observer observer = new Observer(
                vpc,
                nameless ? "-" : id,
                luck.oneIn(10) ? "unknown" : "123456789010",
                "eu-west-1",
                "euw1-az1",
                vpc,
                "subnet-" + id.charAt(4),
                instance ? "i-" + id : null,
                null,
                "subnet-" + id.charAt(4));
        LogFormat format = instance ? LogFormat.of(number) : LogFormat.EVERYTHING;
        LogInterface nic =
                new LogInterface(observer, format, windowSeconds, new Luck(luck.between(0, Integer.MAX_VALUE - 1L)));
        interfaces.add(nic);
        return nic;
    }

    private static IpAddress address(boolean ipv6, int bits) {
        return ipv6 ? IpAddress.ipv6(0x2001_0db8_0000_0000L, Integer.toUnsignedLong(bits)) : IpAddress.ipv4(bits);
    }

    /** A way between two ends of one address family that are new to each other, or nearly so. */
    Route anyRoute(int protocol) {
        Host server = luck.oneIn(3) ? luck.pick(outside) : luck.pick(inside);
        Host client = partner(server);
        Endpoint from = new Endpoint(client.address(), port(protocol, false));
        Endpoint to = new Endpoint(server.address(), port(protocol, true));
        if (client.nic() == null) {
            return Route.past(receiver(server.nic(), protocol, from, to));
        }
        if (server.nic() == null) {
            return luck.oneIn(3) && !client.address().ipv6()
                    ? throughNat(client, protocol, from, to)
                    : Route.past(sender(client.nic(), protocol, from, to));
        }
        return switch ((int) luck.between(0, 5)) {
            case 0 -> Route.past(sender(client.nic(), protocol, from, to));
            case 1 -> Route.past(receiver(server.nic(), protocol, from, to));
            case 2 -> throughTransitGateway(server, protocol, from, to);
            default -> Route.past(sender(client.nic(), protocol, from, to), receiver(server.nic(), protocol, from, to));
        };
    }

    private Host partner(Host server) {
        Host client = server.nic() != null && luck.oneIn(3) ? luck.pick(outside) : luck.pick(inside);
        boolean fits = client.address().ipv6() == server.address().ipv6()
                && !client.address().equals(server.address());
        return fits ? client : partner(server);
    }

    /** Servers mostly listen where ports are low; protocols without ports have 0. */
    private int port(int protocol, boolean listening) {
        return switch (protocol) {
            case FlowRecord.TCP, FlowRecord.UDP, FlowRecord.SCTP -> luck.oneIn(30)
                    ? 7_000
                    : (int) (listening ? luck.between(440, 443) : luck.between(32_768, 60_999));
            default -> 0;
        };
    }

    private static Hop sender(LogInterface nic, int protocol, Endpoint from, Endpoint to) {
        return new Hop(nic, View.plain(protocol, from, to, true), View.plain(protocol, to, from, false));
    }

    private static Hop receiver(LogInterface nic, int protocol, Endpoint from, Endpoint to) {
        return new Hop(nic, View.plain(protocol, from, to, false), View.plain(protocol, to, from, true));
    }

    /** Six records a window, two conversations: the log does not say that they are one. */
    private Route throughNat(Host client, int protocol, Endpoint from, Endpoint to) {
        mappedPorts++;
        Endpoint mapped = new Endpoint(natAddress, from.port() == 0 ? 0 : 1_024 + mappedPorts);
        return Route.past(
                sender(client.nic(), protocol, from, to),
                new Hop(
                        natGateway,
                        View.plain(protocol, from, to, false).withPlainDestination(natAddress),
                        View.plain(protocol, to, from, true).withPlainSource(natAddress)),
                sender(natGateway, protocol, mapped, to));
    }

    /** Requests cross one attachment, answers another. */
    private Route throughTransitGateway(Host server, int protocol, Endpoint from, Endpoint to) {
        IpAddress one = address(from.address().ipv6(), 0x0a28_01af);
        IpAddress other = address(from.address().ipv6(), 0x0a28_021f);
        return Route.past(
                new Hop(firstAttachment, View.plain(protocol, from, to, true).withPlainSource(one), null),
                new Hop(
                        secondAttachment,
                        null,
                        View.plain(protocol, to, from, false).withPlainDestination(other)),
                receiver(server.nic(), protocol, from, to));
    }
}
