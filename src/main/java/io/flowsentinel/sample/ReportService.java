package io.flowsentinel.sample;

/**
 * The application asks the report service. Incident: for a while the network ACL of its subnet lets requests in and no
 * answer out.
 */
final class ReportService implements Script {

    static final int REPORTS = 8443;

    private static final int FIRST_DENIED = 30;
    private static final int LAST_DENIED = 42;

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;

    ReportService(Estate estate, Routes routes, Dice dice) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
    }

    @Override
    public void play(Minute minute) {
        Nic app = estate.apps.get(minute.index() % estate.apps.size());
        Conversation talk = routes.inside(app, estate.reports, REPORTS, Routes.TCP);
        long at = minute.sometime(dice);
        if (minute.isIn(FIRST_DENIED, LAST_DENIED)) {
            Tcp.answeredInVain(talk.repliesDenied(), at, 3);
        } else if (minute.isEvery(2, 0)) {
            Tcp.exchange(talk, at, dice.between(300, 6_000), dice.size(900), dice.size(40_000), Tcp.End.FIN);
        }
    }
}
