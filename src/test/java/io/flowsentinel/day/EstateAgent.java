package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;
import java.util.ArrayList;
import java.util.List;

/**
 * An agent on most hosts that reports to its maker every ten minutes: each is as regular as a beacon, and none of them
 * alarms like one.
 */
final class EstateAgent implements Episode {

    private static final Peer MAKER = Peer.of("203.0.113.150", 443);
    private static final int PERIOD = 10;

    private final Play play;
    private final List<Nic> outside;

    EstateAgent(Play play) {
        this.play = play;
        this.outside = List.of(play.estate().kiosk, play.estate().builder, play.estate().api);
    }

    @Override
    public void play(Minute minute) {
        int turn = 0;
        for (Nic host : hosts()) {
            if (minute.isEvery(PERIOD, turn++)) {
                Conversation talk = outside.contains(host)
                        ? play.routes().leaving(host, MAKER, Routes.TCP, TrafficPath.INTERNET_GATEWAY)
                        : play.routes().throughNat(host, MAKER, Routes.TCP);
                Tcp.exchange(talk, minute.at(play.dice().between(0, 9_000)), 400, 900, 300, Tcp.End.FIN);
            }
        }
    }

    private List<Nic> hosts() {
        List<Nic> hosts = new ArrayList<>(play.estate().servers());
        hosts.addAll(outside);
        return hosts;
    }

    @Override
    public List<Expected> expected() {
        return hosts().stream()
                .map(host -> Expected.medium(
                        "beacon",
                        "originator=" + host.address() + " responder=" + MAKER.address() + " port=" + MAKER.port()))
                .toList();
    }
}
