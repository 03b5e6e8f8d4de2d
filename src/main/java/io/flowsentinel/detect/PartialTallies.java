package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.rule.Catalogue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Adds up what one subtask has to say until it has to be sent: a flood of connections to one service, or all health checks
 * of one originator, cross the key exchange as one page a pane.
 */
final class PartialTallies {

    /** More pages are not held back. */
    private static final int MOST = 100_000;

    /** Nor more cells, of all pages together. */
    private static final int MOST_CELLS = 500_000;

    /** A power of two; families with equal last digits share a place. */
    private static final int LAST = 32;

    /** By the event time, in epoch seconds, at which the pane is judged. */
    private final TreeMap<Long, Map<SubjectPart, PageInHand>> held = new TreeMap<>();

    private final Consumer<Partial> out;
    private int pages;
    private int cells;

    /** By family the pages of the last moment that was asked for, for it is mostly the same one again. */
    private final List<Map<SubjectPart, PageInHand>> lastPages = new ArrayList<>(Collections.nCopies(LAST, null));

    private final long[] lastDue = new long[LAST];

    PartialTallies(Consumer<Partial> out) {
        this.out = out;
    }

    /**
     * Adds to what is held.
     *
     * @param due epoch seconds of event time by which it has to be there
     * @param fact whether it is what else is known of the cell, not what counts
     */
    void add(SubjectPart part, long due, boolean fact, Cell cell, Tally tally) {
        Map<SubjectPart, PageInHand> pagesThen = pagesOf(part.family(), due);
        PageInHand page = pagesThen.get(part);
        if (page == null) {
            page = new PageInHand(Catalogue.family(part.family()));
            pagesThen.put(part, page);
            pages++;
        }
        cells += page.add(fact, cell, tally);
        if (cells >= MOST_CELLS) {
            send();
        } else if (pages >= MOST) {
            relieve();
        }
    }

    private Map<SubjectPart, PageInHand> pagesOf(int family, long due) {
        int place = family & LAST - 1;
        if (lastPages.get(place) == null || lastDue[place] != due) {
            lastPages.set(place, held.computeIfAbsent(due, unseen -> new HashMap<>()));
            lastDue[place] = due;
        }
        return lastPages.get(place);
    }

    /** Sends what nothing was added to lately: most of it never will be, and what recurs is worth waiting for. */
    private void relieve() {
        for (Map<SubjectPart, PageInHand> pagesThen : held.values()) {
            for (Iterator<Map.Entry<SubjectPart, PageInHand>> all =
                            pagesThen.entrySet().iterator();
                    all.hasNext(); ) {
                Map.Entry<SubjectPart, PageInHand> one = all.next();
                if (!one.getValue().wasBusy()) {
                    send(one.getKey(), one.getValue());
                    all.remove();
                    pages--;
                }
            }
        }
        if (pages > MOST / 2) {
            send();
        }
    }

    /** Sends all that is held. Where it is known which cells are not judged, that is remembered until the pane is over. */
    void send() {
        for (Map<SubjectPart, PageInHand> pagesThen : held.values()) {
            pagesThen.forEach(this::send);
            int before = pagesThen.size();
            pagesThen.values().removeIf(page -> !page.limited());
            pages -= before - pagesThen.size();
        }
        held.values().removeIf(Map::isEmpty);
        Collections.fill(lastPages, null);
    }

    /** Sends what has to be there when event time is this far, in epoch seconds. */
    void sendDue(long time) {
        SortedMap<Long, Map<SubjectPart, PageInHand>> due = held.headMap(time, true);
        for (Map<SubjectPart, PageInHand> pagesThen : due.values()) {
            pagesThen.forEach(this::send);
            pages -= pagesThen.size();
        }
        due.clear();
        Collections.fill(lastPages, null);
    }

    private void send(SubjectPart part, PageInHand page) {
        if (page.size() > 0) {
            cells -= page.size();
            out.accept(new Partial(part, page.take()));
        }
    }
}
