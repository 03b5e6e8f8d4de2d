package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Script;
import io.flowsentinel.sample.Tcp;

/** The load balancers ask every web server twice a minute whether it is well: more even than any beacon. */
final class HealthChecks implements Script {

    private static final int HTTP = 80;
    private static final long HALF_A_MINUTE = 30_000;

    private final Play play;

    HealthChecks(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        for (Nic balancer : play.estate().balancers) {
            for (Nic web : play.estate().webs) {
                for (int i = 0; i < 2; i++) {
                    Conversation talk = play.routes().inside(balancer, web, HTTP, Routes.TCP);
                    Tcp.exchange(talk, minute.at(i * HALF_A_MINUTE + 5_000), 15, 130, 310, Tcp.End.FIN);
                }
            }
        }
    }
}
