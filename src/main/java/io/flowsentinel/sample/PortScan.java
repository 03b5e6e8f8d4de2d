package io.flowsentinel.sample;

/**
 * Incident: somebody tries seventy ports of one public host within seven minutes. Most are filtered, some closed, two
 * open.
 */
final class PortScan implements Script {

    static final String SCANNER = "203.0.113.66";

    private static final int FIRST_MINUTE = 50;
    private static final int LAST_MINUTE = 56;
    private static final int PORTS_A_MINUTE = 10;
    private static final int FIRST_FILTERED = 7_000;
    private static final int FIRST_CLOSED = 8_000;

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;

    PortScan(Estate estate, Routes routes, Dice dice) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
    }

    @Override
    public void play(Minute minute) {
        if (!minute.isIn(FIRST_MINUTE, LAST_MINUTE)) {
            return;
        }
        int from = (minute.index() - FIRST_MINUTE) * PORTS_A_MINUTE;
        for (int i = from; i < from + PORTS_A_MINUTE; i++) {
            long at = minute.at((i - from) * 5_500L);
            if (i == 12 || i == 47) {
                Tcp.probed(at(i == 12 ? 80 : 443), at);
            } else if (i % 4 == 0) {
                Tcp.refused(at(FIRST_CLOSED + i), at);
            } else {
                Tcp.unanswered(at(FIRST_FILTERED + i).deniedByResponder(), at, 1);
            }
        }
    }

    private Conversation at(int port) {
        return routes.fromInternet(Peer.of(SCANNER, dice.strangersPort()), estate.kiosk, port, Routes.TCP);
    }
}
