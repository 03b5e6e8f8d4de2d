package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Tcp;

/** SSH sessions, as far as their size tells. */
final class Logins {

    private Logins() {}

    /** A login that fails: 2,000 bytes in a dozen packets and a few more. */
    static void failed(Conversation talk, long at) {
        Tcp.handshake(talk, at);
        talk.forward(at + 100, Tcp.NONE, 12, 2_000);
        talk.reply(at + 120, Tcp.NONE, 12, 2_400);
        Tcp.end(talk, at + 3_000, Tcp.End.FIN);
    }

    /** A session in which somebody works. */
    static void succeeded(Conversation talk, long at) {
        Tcp.handshake(talk, at);
        talk.forward(at + 100, Tcp.NONE, 300, 30_000);
        talk.reply(at + 120, Tcp.NONE, 300, 90_000);
        Tcp.end(talk, at + 40_000, Tcp.End.FIN);
    }
}
