package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: hundreds of machines try the bastion's file shares at once; its security group stops all. */
final class RejectBurst implements Episode {

    private static final int FIRST = Clock.at(7, 0);
    private static final int ATTEMPTS_A_MINUTE = 60;

    private final Play play;

    RejectBurst(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 4)) {
            Dice dice = play.dice();
            for (int i = 0; i < ATTEMPTS_A_MINUTE; i++) {
                Peer somebody = Peer.of(dice.stranger(), dice.strangersPort());
                Conversation talk = play.routes().fromInternet(somebody, play.estate().bastion, 445, Routes.TCP);
                Tcp.unanswered(talk.deniedByResponder(), minute.sometime(dice), 0);
            }
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.medium(
                "reject-burst", "interface=" + play.estate().bastion.interfaceId() + " direction=ingress"));
    }
}
