package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Script;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;
import java.util.List;

/** Payments and other services that the application calls through the NAT gateway, and what the batches fetch. */
final class OutboundCalls implements Script {

    private static final double CALLS_A_MINUTE = 2;
    private static final List<Peer> SERVICES = List.of(
            Peer.of("192.0.2.15", 443), Peer.of("192.0.2.16", 443), Peer.of("192.0.2.80", 443), DayEstate.DYNAMODB);

    private final Play play;

    OutboundCalls(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        Dice dice = play.dice();
        for (int calls = dice.arrivals(CALLS_A_MINUTE); calls > 0; calls--) {
            Conversation talk =
                    play.routes().throughNat(dice.pick(play.estate().apps), dice.pick(SERVICES), Routes.TCP);
            long at = minute.sometime(dice);
            if (dice.chance(0.02)) {
                Tcp.unanswered(talk, at, 3);
            } else {
                Tcp.exchange(talk, at, dice.between(80, 9_000), dice.size(2_500), dice.size(6_000), Tcp.End.FIN);
            }
        }
        if (dice.chance(0.5)) {
            Conversation fetch = play.routes()
                    .leaving(
                            dice.pick(play.estate().batches),
                            dice.pick(SERVICES),
                            Routes.TCP,
                            TrafficPath.INTERNET_GATEWAY);
            Tcp.exchange(fetch, minute.sometime(dice), 5_000, dice.size(4_000), dice.size(90_000), Tcp.End.FIN);
        }
    }
}
