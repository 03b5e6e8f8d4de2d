package io.flowsentinel.traffic;

import io.flowsentinel.model.FlowRecord;
import java.util.List;

/** Something two ends do together, as packets. */
@FunctionalInterface
interface Exchange {

    int NONE = 0;
    int FIN = 1;
    int SYN = 2;
    int RST = 4;
    int SYN_ACK = 18;

    /** All that TCP may show; what happens most stands here most. */
    List<Exchange> TCP = List.of(
            Exchange::complete,
            Exchange::complete,
            Exchange::complete,
            Exchange::brief,
            Exchange::brief,
            Exchange::resetByOriginator,
            Exchange::resetByResponder,
            Exchange::leftOpen,
            Exchange::halfClosed,
            Exchange::refused,
            Exchange::unanswered,
            Exchange::unanswered,
            Exchange::probed,
            Exchange::midstream,
            Exchange::crossing,
            Exchange::backscatter,
            Exchange::stale,
            Exchange::oneWay,
            Exchange::silent);

    /** What protocols without flags may show. */
    List<Exchange> OTHERS = List.of(
            Exchange::askedAndAnswered,
            Exchange::asked,
            Exchange::answered,
            Exchange::data,
            Exchange::askedAndAnswered);

    static Exchange any(int protocol, Luck luck) {
        return luck.pick(protocol == FlowRecord.TCP ? TCP : OTHERS);
    }

    /**
     * Plays it.
     *
     * @param at epoch seconds of the first packet
     * @return epoch seconds of the last packet
     */
    long play(Route route, long at, Luck luck);

    private static Packets bare(long at, int flags) {
        return new Packets(at, flags, 1, flags == NONE ? 52 : 60);
    }

    private static long handshake(Route route, long at, Luck luck) {
        route.forward(bare(at, SYN));
        long answeredAt = at + luck.between(0, 1);
        route.reply(bare(answeredAt, SYN_ACK));
        route.forward(bare(answeredAt, NONE));
        return answeredAt;
    }

    private static long data(Route route, long at, Luck luck) {
        long now = at;
        long bursts = luck.between(0, 6);
        for (long i = 0; i < bursts; i++) {
            now += luck.between(0, 60);
            route.forward(new Packets(now, NONE, luck.between(1, 20), luck.between(52, 4_000)));
            route.reply(new Packets(now, NONE, luck.between(1, 20), luck.between(52, 40_000)));
        }
        return now;
    }

    private static long finish(Route route, long at, Luck luck) {
        route.forward(bare(at, FIN));
        long answeredAt = at + luck.between(0, 2);
        route.reply(bare(answeredAt, FIN));
        route.forward(bare(answeredAt, NONE));
        return answeredAt;
    }

    private static long complete(Route route, long at, Luck luck) {
        return finish(route, data(route, handshake(route, at, luck), luck), luck);
    }

    private static long brief(Route route, long at, Luck luck) {
        return finish(route, handshake(route, at, luck), luck);
    }

    private static long resetByOriginator(Route route, long at, Luck luck) {
        long end = data(route, handshake(route, at, luck), luck);
        route.forward(bare(end, RST));
        return end;
    }

    private static long resetByResponder(Route route, long at, Luck luck) {
        long end = data(route, handshake(route, at, luck), luck);
        route.reply(bare(end, RST));
        return end;
    }

    private static long leftOpen(Route route, long at, Luck luck) {
        return data(route, handshake(route, at, luck), luck);
    }

    private static long halfClosed(Route route, long at, Luck luck) {
        long half = data(route, handshake(route, at, luck), luck);
        route.forward(bare(half, FIN));
        return data(route, half, luck);
    }

    private static long refused(Route route, long at, Luck luck) {
        route.forward(bare(at, SYN));
        route.reply(bare(at, RST));
        return at;
    }

    /** Up to seven attempts, each after twice the wait of the one before; some answered in vain. */
    private static long unanswered(Route route, long at, Luck luck) {
        boolean answeredInVain = luck.oneIn(4);
        long now = at;
        long attempts = luck.between(1, 7);
        for (long i = 0; i < attempts; i++) {
            now = at + (1L << i) - 1;
            route.forward(bare(now, SYN));
            if (answeredInVain) {
                route.reply(bare(now, SYN_ACK));
            }
        }
        return now;
    }

    private static long probed(Route route, long at, Luck luck) {
        route.forward(bare(at, SYN));
        route.reply(bare(at, SYN_ACK));
        route.forward(bare(at, RST));
        return at;
    }

    private static long midstream(Route route, long at, Luck luck) {
        long end = data(route, at, luck);
        return luck.oneIn(2) ? finish(route, end, luck) : end;
    }

    private static long crossing(Route route, long at, Luck luck) {
        route.forward(bare(at, SYN));
        route.reply(bare(at, SYN));
        if (luck.oneIn(2)) {
            return at;
        }
        route.forward(bare(at + 1, SYN_ACK));
        route.reply(bare(at + 1, SYN_ACK));
        return data(route, at + 1, luck);
    }

    /** The answer to a SYN that somebody else sent in the originator's name. */
    private static long backscatter(Route route, long at, Luck luck) {
        Route guarded = luck.oneIn(2) ? route : route.with(new Filter(0, true, at));
        guarded.reply(bare(at, luck.oneIn(3) ? RST : SYN_ACK));
        if (luck.oneIn(3)) {
            guarded.forward(bare(at, RST));
        }
        return at;
    }

    /** A packet after the close, which the filter no longer knows. */
    private static long stale(Route route, long at, Luck luck) {
        long end = luck.oneIn(3) ? at : complete(route, at, luck);
        boolean reply = luck.oneIn(2);
        Route forgetful = route.with(new Filter(reply ? 0 : route.hops().size() - 1, reply, end));
        long late = end + luck.between(0, 90);
        Packets packet = bare(late, luck.pick(List.of(NONE, FIN, RST)));
        if (reply) {
            forgetful.reply(packet);
        } else {
            forgetful.forward(packet);
        }
        return late;
    }

    private static long oneWay(Route route, long at, Luck luck) {
        route.forward(bare(at, SYN));
        route.forward(new Packets(at + 1, NONE, luck.between(1, 30), luck.between(52, 9_000)));
        if (luck.oneIn(2)) {
            route.forward(bare(at + 2, FIN));
        }
        return at + 2;
    }

    /** Longer than any timeout without a packet, and then more of the same connection. */
    private static long silent(Route route, long at, Luck luck) {
        long before = luck.oneIn(3) ? unanswered(route, at, luck) : leftOpen(route, at, luck);
        return midstream(route, before + luck.between(300, 1_500), luck);
    }

    private static long askedAndAnswered(Route route, long at, Luck luck) {
        route.forward(new Packets(at, NONE, luck.between(1, 3), luck.between(60, 300)));
        route.reply(new Packets(at + luck.between(0, 70), NONE, 1, luck.between(60, 900)));
        return at + luck.between(0, 70);
    }

    private static long asked(Route route, long at, Luck luck) {
        route.forward(new Packets(at, NONE, luck.between(1, 9), luck.between(60, 900)));
        return at;
    }

    private static long answered(Route route, long at, Luck luck) {
        route.reply(new Packets(at, NONE, luck.between(1, 9), luck.between(60, 900)));
        return at;
    }
}
