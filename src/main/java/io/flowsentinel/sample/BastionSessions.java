package io.flowsentinel.sample;

import java.util.List;

/** Administrators come from the office over the bastion; one forgets a session for half an hour. */
final class BastionSessions implements Script {

    private static final int SSH = 22;

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;

    BastionSessions(Estate estate, Routes routes, Dice dice) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isEvery(16, 4)) {
            administer(minute.sometime(dice));
        }
        if (minute.index() == 12) {
            forget(minute.sometime(dice));
        }
    }

    private void administer(long at) {
        long life = dice.between(120_000, 700_000);
        Tcp.exchange(fromOffice(), at, life, dice.size(40_000), dice.size(160_000), Tcp.End.FIN);
        Nic target = dice.pick(List.of(estate.webs.get(0), estate.apps.get(1), estate.database));
        Conversation onward = routes.inside(estate.bastion, target, SSH, Routes.TCP);
        Tcp.exchange(onward, at + 9_000, life - 20_000, dice.size(30_000), dice.size(120_000), Tcp.End.FIN);
    }

    /** Nothing for longer than any idle timeout, then a goodbye. */
    private void forget(long at) {
        Conversation talk = fromOffice();
        Tcp.exchange(talk, at, 120_000, 9_000, 30_000, Tcp.End.STILL_OPEN);
        long back = at + 32 * Minute.MILLIS;
        Tcp.stream(talk, back, 30_000, 2_000, 6_000);
        Tcp.end(talk, back + 31_000, Tcp.End.FIN);
    }

    private Conversation fromOffice() {
        return routes.fromOffice(Peer.of(dice.pick(Estate.OFFICE), dice.between(49_152, 65_535)), estate.bastion, SSH);
    }
}
