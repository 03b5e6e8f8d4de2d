package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Script;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/**
 * What every public address gets all day: a SYN here and there, echoes of floods under forged addresses, stray
 * datagrams, packets that come after the close. Nobody tries enough to be a scanner.
 */
final class InternetNoise implements Script {

    private static final double PROBES_A_MINUTE = 7;
    private static final double ECHOES_A_MINUTE = 0.6;
    private static final List<Integer> TCP_PORTS =
            List.of(21, 22, 23, 25, 81, 110, 139, 445, 1433, 2323, 3306, 3389, 5060, 5555, 6379, 8000, 8081, 9200);
    private static final List<Integer> UDP_PORTS = List.of(53, 123, 161, 389, 1900, 5060, 11211);

    private final Play play;

    InternetNoise(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        Dice dice = play.dice();
        for (int probes = dice.arrivals(PROBES_A_MINUTE); probes > 0; probes--) {
            if (dice.chance(0.1)) {
                int port = dice.between(8_000, 8_100);
                Tcp.refused(
                        play.routes().fromInternet(somebody(), play.estate().kiosk, port, Routes.TCP),
                        minute.sometime(dice));
            } else {
                Tcp.unanswered(
                        toFiltered(dice.pick(TCP_PORTS), Routes.TCP), minute.sometime(dice), dice.chance(0.2) ? 2 : 0);
            }
        }
        toFiltered(dice.pick(UDP_PORTS), Routes.UDP).forward(minute.sometime(dice), Tcp.NONE, 1, dice.between(29, 80));
        for (int echoes = dice.arrivals(ECHOES_A_MINUTE); echoes > 0; echoes--) {
            Conversation echo = toFiltered(dice.between(1024, 65_535), Routes.TCP);
            echo.forward(minute.sometime(dice), dice.chance(0.7) ? Tcp.RST : Tcp.SYN_ACK, 1, 40);
        }
        if (dice.chance(0.4)) {
            afterTheClose(minute.sometime(dice));
        }
    }

    private void afterTheClose(long at) {
        Peer visitor = somebody();
        Nic balancer = play.dice().pick(play.estate().balancers);
        Tcp.exchange(play.routes().fromInternet(visitor, balancer, 443, Routes.TCP), at, 900, 800, 9_000, Tcp.End.FIN);
        play.routes()
                .fromInternet(visitor, balancer, 443, Routes.TCP)
                .deniedByResponder()
                .forward(at + play.dice().between(2_000, 40_000), play.dice().chance(0.5) ? Tcp.RST : Tcp.FIN, 1, 52);
    }

    private Peer somebody() {
        return Peer.of(play.dice().stranger(), play.dice().strangersPort());
    }

    private Conversation toFiltered(int port, int protocol) {
        Nic target = play.dice().pick(play.estate().guarded());
        if (target.equals(play.estate().names) && port == 53) {
            return toFiltered(5060, protocol);
        }
        return play.routes().fromInternet(somebody(), target, port, protocol).deniedByResponder();
    }
}
