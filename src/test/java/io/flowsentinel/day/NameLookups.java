package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/**
 * DNS over the VPC's own resolver, which asks whom it likes, and over the approved public one. Amazon's own would not
 * be logged.
 */
final class NameLookups implements Episode {

    private static final double QUESTIONS_A_MINUTE = 5;
    private static final int DNS = 53;
    private static final List<Peer> OTHERS = List.of(Peer.of("198.51.100.7", DNS), Peer.of("198.51.100.130", DNS));

    private final Play play;

    NameLookups(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        Dice dice = play.dice();
        for (int questions = dice.arrivals(QUESTIONS_A_MINUTE); questions > 0; questions--) {
            Nic server = dice.pick(play.estate().servers());
            long at = minute.sometime(dice);
            ask(play.routes().inside(server, play.estate().resolver, DNS, Routes.UDP), at);
            if (dice.chance(0.15)) {
                ask(play.routes().throughNat(play.estate().resolver, dice.pick(OTHERS), Routes.UDP), at + 1);
            }
        }
        if (dice.chance(0.3)) {
            ask(
                    play.routes().throughNat(dice.pick(play.estate().webs), DayEstate.PUBLIC_RESOLVER, Routes.UDP),
                    minute.sometime(dice));
        }
    }

    private void ask(Conversation talk, long at) {
        talk.forward(at, Tcp.NONE, 1, play.dice().between(56, 90));
        if (!play.dice().chance(0.01)) {
            talk.reply(at + 15, Tcp.NONE, 1, play.dice().between(80, 300));
        }
    }

    /** Of its own resolver the NAT gateway knows nothing: what it asks of the world, each UTC day, is another's. */
    @Override
    public List<Expected> expected() {
        Expected gateways = Expected.heldBack(
                "unapproved-dns", "endpoint=" + play.estate().nat.address(), Expected.TRANSLATED);
        return List.of(gateways, gateways);
    }
}
