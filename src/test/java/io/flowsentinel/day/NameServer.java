package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Script;
import io.flowsentinel.sample.Tcp;

/**
 * The shop's name server answers the internet; for a while it has thousands of questions, with answers of the usual
 * size.
 */
final class NameServer implements Script {

    private static final int DNS = 53;
    private static final int BUSY = 85;

    private final Play play;

    NameServer(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        Dice dice = play.dice();
        boolean busy = minute.isIn(Clock.at(12, 0), Clock.at(12, 20));
        for (int questions = busy ? BUSY : dice.arrivals(2); questions > 0; questions--) {
            Peer client = Peer.of(dice.stranger(), dice.strangersPort());
            Conversation talk = play.routes().fromInternet(client, play.estate().names, DNS, Routes.UDP);
            long at = minute.sometime(dice);
            talk.forward(at, Tcp.NONE, 1, dice.between(60, 80));
            talk.reply(at + 1, Tcp.NONE, 1, dice.between(120, 300));
        }
    }
}
