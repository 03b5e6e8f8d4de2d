package io.flowsentinel.sample;

/** Incident: an application server looks for file shares on every address of a subnet, used or not. */
final class HostSweep implements Script {

    static final int FILE_SHARES = 445;

    private static final int FIRST_MINUTE = 75;
    private static final int LAST_MINUTE = 80;
    private static final int HOSTS_A_MINUTE = 14;

    private final Estate estate;
    private final Routes routes;

    HostSweep(Estate estate, Routes routes) {
        this.estate = estate;
        this.routes = routes;
    }

    /** The host that got infected. */
    static Nic sweeper(Estate estate) {
        return estate.apps.get(2);
    }

    @Override
    public void play(Minute minute) {
        if (!minute.isIn(FIRST_MINUTE, LAST_MINUTE)) {
            return;
        }
        int from = 5 + (minute.index() - FIRST_MINUTE) * HOSTS_A_MINUTE;
        for (int i = from; i < from + HOSTS_A_MINUTE; i++) {
            tryHost("10.20.11." + i, minute.at((i - from) * 4_100L));
        }
    }

    private void tryHost(String address, long at) {
        Nic sweeper = sweeper(estate);
        Nic target = estate.at(address);
        Conversation talk = target == null
                ? routes.leaving(sweeper, Peer.of(address, FILE_SHARES), Routes.TCP, TrafficPath.SAME_VPC)
                : routes.inside(sweeper, target, FILE_SHARES, Routes.TCP).deniedByResponder();
        Tcp.unanswered(talk, at, 1);
    }
}
