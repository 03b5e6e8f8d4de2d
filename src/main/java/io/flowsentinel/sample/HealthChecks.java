package io.flowsentinel.sample;

/** The load balancer asks every web server once a minute whether it is well. */
final class HealthChecks implements Script {

    private static final int HTTP = 80;

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;

    HealthChecks(Estate estate, Routes routes, Dice dice) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
    }

    @Override
    public void play(Minute minute) {
        for (Nic balancer : estate.balancers) {
            for (Nic web : estate.webs) {
                Conversation talk = routes.inside(balancer, web, HTTP, Routes.TCP);
                long at = minute.at(5_000 + dice.between(0, 900));
                Tcp.exchange(talk, at, 15, 130, 310, Tcp.End.FIN);
            }
        }
    }
}
