package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Script;
import io.flowsentinel.sample.Tcp;

/**
 * Connections that the application keeps to the database, and the standby's that never ends. Once the standby is away
 * for half an hour, and its clients go on trying.
 */
final class DatabaseWork implements Script {

    private static final int POSTGRES = 5432;
    private static final double OPENS_A_MINUTE = 0.1;

    private final Play play;

    DatabaseWork(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        DayEstate estate = play.estate();
        Dice dice = play.dice();
        if (minute.index() == 0) {
            Conversation talk = play.routes().inside(estate.standby, estate.database, POSTGRES, Routes.TCP);
            Tcp.exchange(
                    talk, minute.startMillis(), Clock.MINUTES * Minute.MILLIS, 500_000, 90_000_000, Tcp.End.STILL_OPEN);
        }
        if (dice.chance(OPENS_A_MINUTE)) {
            Conversation talk = play.routes().inside(dice.pick(estate.apps), estate.database, POSTGRES, Routes.TCP);
            long life = dice.between(20, 60) * Minute.MILLIS;
            Tcp.exchange(talk, minute.sometime(dice), life, dice.size(900_000), dice.size(6_000_000), Tcp.End.FIN);
        }
        if (minute.isIn(Clock.at(19, 0), Clock.at(19, 29))) {
            for (int tries = 0; tries < 10; tries++) {
                Conversation lost = play.routes().inside(dice.pick(estate.apps), estate.standby, POSTGRES, Routes.TCP);
                Tcp.refused(lost, minute.sometime(dice));
            }
        }
    }
}
