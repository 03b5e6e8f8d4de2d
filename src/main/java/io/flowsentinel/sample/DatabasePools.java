package io.flowsentinel.sample;

/** Connections the application keeps to the database for most of an hour, and the replica's that never ends. */
final class DatabasePools implements Script {

    private static final int POSTGRES = 5432;
    private static final int POOL_SIZE = 2;
    private static final int LIFE_MINUTES = 45;
    private static final long SECOND_MILLIS = 1_000L;

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;

    DatabasePools(Estate estate, Routes routes, Dice dice) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
    }

    @Override
    public void play(Minute minute) {
        if (minute.index() == 0) {
            replicate(minute.startMillis());
            estate.apps.forEach(app -> openedBefore(app, minute));
        }
        for (int member = 0; member < estate.apps.size() * POOL_SIZE; member++) {
            if (minute.isEvery(LIFE_MINUTES, 6 + 7 * member)) {
                open(estate.apps.get(member % estate.apps.size()), minute.sometime(dice), LIFE_MINUTES);
            }
        }
        if (minute.isEvery(37, 20)) {
            databaseIsBusy(minute.sometime(dice));
        }
    }

    /** Connections older than the log: no record has their SYN. */
    private void openedBefore(Nic app, Minute minute) {
        Conversation talk = routes.inside(app, estate.database, POSTGRES, Routes.TCP);
        long life = dice.between(10, 30) * Minute.MILLIS;
        Tcp.stream(talk, minute.startMillis(), life, dice.size(400_000), dice.size(3_000_000));
        Tcp.end(talk, minute.startMillis() + life, Tcp.End.FIN);
    }

    private void open(Nic app, long at, int minutes) {
        Conversation talk = routes.inside(app, estate.database, POSTGRES, Routes.TCP);
        long life = minutes * Minute.MILLIS + dice.between(-90, 90) * SECOND_MILLIS;
        Tcp.exchange(talk, at, life, dice.size(900_000), dice.size(6_000_000), Tcp.End.FIN);
    }

    private void replicate(long at) {
        Conversation talk = routes.inside(estate.standby, estate.database, POSTGRES, Routes.TCP);
        Tcp.exchange(talk, at, 170 * Minute.MILLIS, 500_000, 90_000_000, Tcp.End.STILL_OPEN);
    }

    /** Its queue is full: nobody answers for a while, then it does. */
    private void databaseIsBusy(long at) {
        Conversation lost = routes.inside(dice.pick(estate.apps), estate.database, POSTGRES, Routes.TCP);
        Tcp.unanswered(lost, at, 3);
        Conversation refused = routes.inside(dice.pick(estate.apps), estate.standby, POSTGRES, Routes.TCP);
        Tcp.refused(refused, at + dice.between(0, 30) * SECOND_MILLIS);
    }
}
