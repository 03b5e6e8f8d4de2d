package io.flowsentinel.sample;

import java.util.List;

/**
 * What every public address gets all day: a SYN here and there, echoes of floods under forged addresses, stray
 * datagrams. Nobody tries enough to be a scanner.
 */
final class InternetNoise implements Script {

    private static final double PROBES_A_MINUTE = 7;
    private static final double ECHOES_A_MINUTE = 0.6;
    private static final double DATAGRAMS_A_MINUTE = 1;
    private static final double STALE_A_MINUTE = 0.4;

    private static final List<Integer> TCP_PORTS =
            List.of(21, 22, 23, 25, 81, 110, 139, 445, 1433, 2323, 3306, 3389, 5060, 5555, 6379, 8000, 8081, 9200);
    private static final List<Integer> UDP_PORTS = List.of(53, 123, 161, 389, 1900, 5060, 11211);
    private static final int HTTPS = 443;

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;
    private final double scale;

    InternetNoise(Estate estate, Routes routes, Dice dice, double scale) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
        this.scale = scale;
    }

    @Override
    public void play(Minute minute) {
        for (int probes = dice.arrivals(PROBES_A_MINUTE * scale); probes > 0; probes--) {
            probe(minute.sometime(dice));
        }
        for (int datagrams = dice.arrivals(DATAGRAMS_A_MINUTE * scale); datagrams > 0; datagrams--) {
            Conversation talk = toFiltered(dice.pick(UDP_PORTS), Routes.UDP);
            talk.forward(minute.sometime(dice), Tcp.NONE, 1, dice.between(29, 80));
        }
        // Not scaled: more of it would be an incident of its own.
        for (int echoes = dice.arrivals(ECHOES_A_MINUTE); echoes > 0; echoes--) {
            echo(minute.sometime(dice));
        }
        for (int late = dice.arrivals(STALE_A_MINUTE); late > 0; late--) {
            afterTheClose(minute.sometime(dice));
        }
    }

    private void probe(long at) {
        if (dice.chance(0.1)) {
            Peer prober = Peer.of(dice.stranger(), dice.strangersPort());
            Tcp.refused(routes.fromInternet(prober, estate.kiosk, dice.between(8_000, 8_100), Routes.TCP), at);
        } else {
            Tcp.unanswered(toFiltered(dice.pick(TCP_PORTS), Routes.TCP), at, dice.chance(0.2) ? 2 : 0);
        }
    }

    /** An answer to a SYN somebody else sent in our name. */
    private void echo(long at) {
        Conversation talk = toFiltered(dice.between(1024, 65_535), Routes.TCP);
        talk.forward(at, dice.chance(0.7) ? Tcp.RST : Tcp.SYN_ACK, 1, 40);
    }

    /** A packet that comes when the security group has forgotten its connection: AWS logs a REJECT. */
    private void afterTheClose(long at) {
        Peer visitor = Peer.of(dice.stranger(), dice.strangersPort());
        Nic balancer = dice.pick(estate.balancers);
        Tcp.exchange(routes.fromInternet(visitor, balancer, HTTPS, Routes.TCP), at, 900, 800, 9_000, Tcp.End.FIN);
        routes.fromInternet(visitor, balancer, HTTPS, Routes.TCP)
                .deniedByResponder()
                .forward(at + dice.between(2_000, 40_000), dice.chance(0.5) ? Tcp.RST : Tcp.FIN, 1, 52);
    }

    private Conversation toFiltered(int port, int protocol) {
        Nic target = dice.pick(List.of(estate.balancers.get(0), estate.balancers.get(1), estate.nat, estate.bastion));
        Peer prober = Peer.of(dice.stranger(), dice.strangersPort());
        return routes.fromInternet(prober, target, port, protocol).deniedByResponder();
    }
}
