package io.flowsentinel.sample;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Knows which interfaces a conversation passes and what each of them writes into the address columns. */
public final class Routes {

    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;

    private static final int FIRST_EPHEMERAL = 32_768;
    private static final int LAST_EPHEMERAL = 60_999;

    private final Nic nat;
    private final Wire wire;
    private final Dice dice;

    /** Next port of each interface; only looked up, never walked. */
    private final Map<Nic, Integer> nextPort = new HashMap<>();

    /** Over a wire, with a gateway for interfaces without a public address. */
    public Routes(Nic nat, Wire wire, Dice dice) {
        this.nat = nat;
        this.wire = wire;
        this.dice = dice;
    }

    /** A local port for a new conversation: the range of Linux, round and round. */
    public int port(Nic nic) {
        int port = nextPort.computeIfAbsent(nic, unused -> dice.between(FIRST_EPHEMERAL, LAST_EPHEMERAL));
        nextPort.put(nic, port == LAST_EPHEMERAL ? FIRST_EPHEMERAL : port + 1);
        return port;
    }

    /** Somebody outside talks to an interface that has a public address. */
    public Conversation fromInternet(Peer remote, Nic nic, int port, int protocol) {
        return arriving(remote, Peer.of(addressFor(remote, nic), port), nic, protocol, TrafficPath.INTERNET_GATEWAY);
    }

    /** Somebody in the office talks to an interface over the private gateway. */
    public Conversation fromOffice(Peer office, Nic nic, int port) {
        return arriving(office, Peer.of(nic.address(), port), nic, TCP, TrafficPath.VIRTUAL_PRIVATE_GATEWAY);
    }

    /** One interface talks to something outside the VPC that it reaches without the NAT gateway. */
    public Conversation leaving(Nic nic, Peer remote, int protocol, TrafficPath path) {
        Peer local = Peer.of(nic.address(), protocol == ICMP ? 0 : port(nic));
        return new Conversation(
                wire,
                List.of(new Tap(
                        nic, View.sending(local, remote, protocol, path), View.receiving(remote, local, protocol))));
    }

    /** Two interfaces of the VPC talk; both log. */
    public Conversation inside(Nic from, Nic to, int port, int protocol) {
        Peer local = Peer.of(from.address(), protocol == ICMP ? 0 : port(from));
        Peer remote = Peer.of(to.address(), port);
        return new Conversation(
                wire,
                List.of(
                        new Tap(
                                from,
                                View.sending(local, remote, protocol, TrafficPath.SAME_VPC),
                                View.receiving(remote, local, protocol)),
                        new Tap(
                                to,
                                View.receiving(local, remote, protocol),
                                View.sending(remote, local, protocol, TrafficPath.SAME_VPC))));
    }

    /** A private interface talks to the internet: six records in each interval, three in each direction. */
    public Conversation throughNat(Nic nic, Peer remote, int protocol) {
        Peer inner = Peer.of(nic.address(), port(nic));
        Peer outer = Peer.of(nat.address(), port(nat));
        return new Conversation(
                wire,
                List.of(
                        new Tap(
                                nic,
                                View.sending(inner, remote, protocol, TrafficPath.SAME_VPC),
                                View.receiving(remote, inner, protocol)),
                        new Tap(
                                nat,
                                View.receiving(inner, remote, protocol).withDestination(nat.address()),
                                View.sending(remote, inner, protocol, TrafficPath.SAME_VPC)
                                        .withSource(nat.address())),
                        new Tap(
                                nat,
                                View.sending(outer, remote, protocol, TrafficPath.INTERNET_GATEWAY),
                                View.receiving(remote, outer, protocol))));
    }

    private Conversation arriving(Peer remote, Peer local, Nic nic, int protocol, TrafficPath back) {
        return new Conversation(
                wire,
                List.of(new Tap(
                        nic, View.receiving(remote, local, protocol), View.sending(local, remote, protocol, back))));
    }

    private static String addressFor(Peer remote, Nic nic) {
        return remote.address().indexOf(':') >= 0 ? nic.address6() : nic.address();
    }
}
