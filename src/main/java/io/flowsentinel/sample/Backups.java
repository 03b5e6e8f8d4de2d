package io.flowsentinel.sample;

/** The database sends its backup to S3 over the gateway endpoint, many parts side by side. */
final class Backups implements Script {

    private static final int FIRST_MINUTE = 60;
    private static final int LAST_MINUTE = 75;
    private static final long PART_BYTES = 64L * 1024 * 1024;

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;

    Backups(Estate estate, Routes routes, Dice dice) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
    }

    @Override
    public void play(Minute minute) {
        if (!minute.isIn(FIRST_MINUTE, LAST_MINUTE)) {
            return;
        }
        for (int part = 0; part < 4; part++) {
            Conversation talk = routes.leaving(estate.database, Estate.S3, Routes.TCP, TrafficPath.GATEWAY_ENDPOINT);
            Tcp.exchange(talk, minute.sometime(dice), dice.between(9_000, 50_000), PART_BYTES, 9_000, Tcp.End.FIN);
        }
    }
}
