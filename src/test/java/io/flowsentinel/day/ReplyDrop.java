package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: for a while the network ACL of the reports' subnet lets requests in and no answer out. */
final class ReplyDrop implements Episode {

    static final int FIRST = Clock.at(14, 0);
    static final int LAST = FIRST + 12;

    private static final int REPORTS = 8443;

    private final Play play;

    ReplyDrop(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, LAST)) {
            Nic app = play.dice().pick(play.estate().apps);
            Conversation talk = play.routes().inside(app, play.estate().reports, REPORTS, Routes.TCP);
            Tcp.answeredInVain(talk.repliesDenied(), minute.sometime(play.dice()), 3);
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.low(
                "nacl-reply-drop",
                "port=" + REPORTS + " protocol=6 interface="
                        + play.estate().reports.interfaceId() + " direction=egress"));
    }
}
