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
 * Administrators come from the office over the bastion. A deployment opens forty short sessions of the size of a
 * failed login to one server, which it has had sessions with before: a dry run.
 */
final class Administration implements Episode {

    private static final int SSH = 22;
    private static final int SESSIONS = 40;

    private final Play play;

    Administration(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        Dice dice = play.dice();
        DayEstate estate = play.estate();
        if (minute.isEvery(16, 4)) {
            long at = minute.sometime(dice);
            long life = dice.between(120_000, 700_000);
            Peer office = Peer.of(dice.pick(DayEstate.OFFICE), dice.between(49_152, 65_535));
            Conversation talk = play.routes().fromOffice(office, estate.bastion, SSH);
            Tcp.exchange(talk, at, life, dice.size(40_000), dice.size(160_000), Tcp.End.FIN);
            Nic target = dice.pick(List.of(estate.webs.get(0), estate.apps.get(0), estate.database));
            Conversation onward = play.routes().inside(estate.bastion, target, SSH, Routes.TCP);
            Tcp.exchange(onward, at + 9_000, life - 20_000, 60_000, dice.size(120_000), Tcp.End.FIN);
        }
        if (minute.index() == Clock.at(17, 40)) {
            for (int i = 0; i < SESSIONS; i++) {
                Conversation talk = play.routes().inside(estate.bastion, deployedTo(), SSH, Routes.TCP);
                Logins.failed(talk, minute.at(i * 15_000L));
            }
        }
    }

    private Nic deployedTo() {
        return play.estate().webs.get(0);
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.heldBack(
                "brute-force",
                "originator=" + play.estate().bastion.address() + " responder="
                        + deployedTo().address() + " port=" + SSH,
                Expected.DRY_RUN));
    }
}
