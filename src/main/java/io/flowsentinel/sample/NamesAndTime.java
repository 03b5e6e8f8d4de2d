package io.flowsentinel.sample;

import java.util.ArrayList;
import java.util.List;

/** DNS over the VPC's own resolver, which asks the office's, and NTP. Amazon's own would not be logged. */
final class NamesAndTime implements Script {

    private static final double QUESTIONS_A_MINUTE = 5;
    private static final int DNS = 53;
    private static final int NTP = 123;
    private static final int NTP_MINUTES = 17;

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;
    private final double scale;

    NamesAndTime(Estate estate, Routes routes, Dice dice, double scale) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
        this.scale = scale;
    }

    @Override
    public void play(Minute minute) {
        for (int questions = dice.arrivals(QUESTIONS_A_MINUTE * scale); questions > 0; questions--) {
            ask(dice.pick(estate.servers()), minute.sometime(dice));
        }
        List<Nic> everyone = new ArrayList<>(estate.servers());
        everyone.add(estate.bastion);
        for (int i = 0; i < everyone.size(); i++) {
            if (minute.isEvery(NTP_MINUTES, i)) {
                Conversation talk = routes.inside(everyone.get(i), estate.clock, NTP, Routes.UDP);
                datagrams(talk, minute.sometime(dice), 76, 76);
            }
        }
    }

    private void ask(Nic server, long at) {
        Conversation talk = routes.inside(server, estate.resolver, DNS, Routes.UDP);
        datagrams(talk, at, dice.between(56, 90), dice.between(80, 300));
        if (dice.chance(0.15)) {
            Peer upstream = Peer.of(Estate.OFFICE_RESOLVER, DNS);
            Conversation onward =
                    routes.leaving(estate.resolver, upstream, Routes.UDP, TrafficPath.VIRTUAL_PRIVATE_GATEWAY);
            datagrams(onward, at + 1, dice.between(56, 90), dice.between(80, 300));
        }
    }

    private void datagrams(Conversation talk, long at, long bytesOut, long bytesIn) {
        talk.forward(at, Tcp.NONE, 1, bytesOut);
        if (!dice.chance(0.01)) {
            talk.reply(at + 15, Tcp.NONE, 1, bytesIn);
        }
    }
}
