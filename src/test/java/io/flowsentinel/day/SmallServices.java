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

/**
 * What else goes on: the reports, the partners' two machines, the telephone company, clients of the public hosts, and
 * a machine that lives for an hour.
 */
final class SmallServices implements Script {

    private static final int HTTPS = 443;
    private static final int REPORTS = 8443;
    private static final int SCTP = 132;
    private static final List<String> PARTNERS = List.of("198.51.100.10", "198.51.100.11");

    private final Play play;

    SmallServices(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        Dice dice = play.dice();
        DayEstate estate = play.estate();
        Routes routes = play.routes();
        long at = minute.sometime(dice);
        if (dice.chance(0.5) && !minute.isIn(ReplyDrop.FIRST, ReplyDrop.LAST)) {
            Conversation talk = routes.inside(dice.pick(estate.apps), estate.reports, REPORTS, Routes.TCP);
            Tcp.exchange(talk, at, dice.between(300, 6_000), dice.size(900), dice.size(40_000), Tcp.End.FIN);
        }
        if (minute.isEvery(7, 3)) {
            Peer partner = Peer.of(dice.pick(PARTNERS), dice.strangersPort());
            Conversation talk = routes.fromInternet(partner, estate.partners, HTTPS, Routes.TCP);
            Tcp.exchange(talk, at, 2_000, dice.size(9_000), dice.size(9_000), Tcp.End.FIN);
        }
        if (minute.isEvery(10, 2)) {
            Conversation calls = routes.leaving(
                    estate.telephony, Peer.of("172.16.20.5", 36_412), SCTP, TrafficPath.VIRTUAL_PRIVATE_GATEWAY);
            calls.forward(at, Tcp.NONE, 4, 900);
            calls.reply(at + 30, Tcp.NONE, 4, 700);
        }
        for (Nic host : List.of(estate.api, estate.kiosk)) {
            if (dice.chance(0.6)) {
                Peer client = Peer.of(dice.stranger(), dice.strangersPort());
                Conversation talk = routes.fromInternet(client, host, HTTPS, Routes.TCP);
                Tcp.exchange(talk, at, 700, 600, dice.size(9_000), Tcp.End.FIN);
            }
        }
    }
}
