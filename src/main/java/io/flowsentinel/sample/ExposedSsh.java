package io.flowsentinel.sample;

/** Incident: SSH of the build host is open to the world, and a stranger logs in. */
final class ExposedSsh implements Script {

    static final int SSH = 22;

    private static final String STRANGER = "203.0.113.77";
    private static final int FIRST_TRY = 98;
    private static final int LOGIN = 101;

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;

    ExposedSsh(Estate estate, Routes routes, Dice dice) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
    }

    @Override
    public void play(Minute minute) {
        if (minute.index() == FIRST_TRY) {
            Tcp.exchange(session(), minute.sometime(dice), 2_500, 1_900, 2_600, Tcp.End.FIN);
        }
        if (minute.index() == LOGIN) {
            Tcp.exchange(session(), minute.sometime(dice), 240_000, 21_000, 64_000, Tcp.End.FIN);
        }
    }

    private Conversation session() {
        return routes.fromInternet(Peer.of(STRANGER, dice.strangersPort()), estate.builder, SSH, Routes.TCP);
    }
}
