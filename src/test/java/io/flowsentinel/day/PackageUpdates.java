package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Script;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;
import java.util.List;

/** Every half hour or so a server fetches packages from the mirrors on the internet. */
final class PackageUpdates implements Script {

    private static final List<Peer> MIRRORS = List.of(Peer.of("203.0.113.200", 443), Peer.of("203.0.113.201", 80));

    private final Play play;

    PackageUpdates(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        Dice dice = play.dice();
        for (Nic server : play.estate().servers()) {
            if (dice.chance(1.0 / 30)) {
                update(server, minute.sometime(dice));
            }
        }
        for (Nic host : List.of(play.estate().kiosk, play.estate().builder, play.estate().api)) {
            if (dice.chance(1.0 / 30)) {
                Conversation talk =
                        play.routes().leaving(host, dice.pick(MIRRORS), Routes.TCP, TrafficPath.INTERNET_GATEWAY);
                Tcp.exchange(talk, minute.sometime(dice), 20_000, 4_000, dice.size(900_000), Tcp.End.FIN);
            }
        }
    }

    private void update(Nic server, long first) {
        Dice dice = play.dice();
        long at = first;
        for (int files = dice.between(1, 3); files > 0; files--) {
            Conversation talk = play.routes().throughNat(server, dice.pick(MIRRORS), Routes.TCP);
            Tcp.exchange(talk, at, dice.between(500, 50_000), 1_500, dice.size(2_000_000), Tcp.End.FIN);
            at += dice.between(200, 20_000);
        }
    }
}
