package io.flowsentinel.size;

import io.flowsentinel.size.Step.Held;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of one measurement: connections open and stay open, records come to wait, time goes on slot by slot as in a
 * live job, unanswered SYNs fall silent, all ends.
 */
final class Script {

    /** Nothing but warm caches: what all other points are compared with. */
    static final String EMPTY = "empty";

    /** All connections are open, no record waits. They opened so long ago that nothing is remembered of that. */
    static final String OPEN = "open";

    /** The same, and the last minutes' records wait. */
    static final String WAITING = "waiting";

    /** The same, and no record waits. */
    static final String FOLDED = "folded";

    /** The same, and the unanswered SYNs have timed out. */
    static final String SILENT = "silent";

    /** Everything has ended. */
    static final String ENDED = "ended";

    private static final int GREETINGS_FORGOTTEN = 3;
    private static final int SLOTS_UNTIL_OPENING_IS_FORGOTTEN = 2;

    private final SizeOptions options;
    private final int connections;
    private final long recordsOfSlot;
    private final List<Step> steps = new ArrayList<>();
    private int slot;
    private long closed;

    private Script(SizeOptions options) {
        this.options = options;
        this.connections = options.connections;
        this.recordsOfSlot = Estate.recordsOf(connections);
    }

    static List<Step> of(SizeOptions options) {
        Script script = new Script(options);
        script.empty();
        script.open();
        script.waiting();
        script.slots();
        if (options.unanswered > 0) {
            script.folded();
            script.silent();
        }
        script.ended();
        return List.copyOf(script.steps);
    }

    private void empty() {
        closed = options.interfaces;
        Burst greetings = Burst.waiting(Traffic.GREETINGS, slot, options.interfaces);
        add(EMPTY, List.of(greetings.folding(GREETINGS_FORGOTTEN)), 0, 0, 0);
        slot = GREETINGS_FORGOTTEN + 1;
    }

    private void open() {
        List<Burst> bursts = new ArrayList<>();
        bursts.add(Burst.waiting(Traffic.OPENINGS, slot, connections).folding(slot));
        for (int i = 0; i < SLOTS_UNTIL_OPENING_IS_FORGOTTEN; i++) {
            slot++;
            bursts.add(data().folding(slot));
        }
        add(OPEN, bursts, connections, 0, 0);
    }

    private void waiting() {
        List<Burst> bursts = new ArrayList<>();
        for (int i = 0; i < waitingSlots(); i++) {
            slot++;
            bursts.add(data());
        }
        if (!bursts.isEmpty()) {
            add(WAITING, bursts, connections, waitingRecords(), 0);
        }
    }

    private void slots() {
        for (int i = 1; i <= options.slots; i++) {
            slot++;
            add("slot " + i, List.of(data().folding(slot - waitingSlots())), connections, waitingRecords(), 0);
        }
    }

    private void folded() {
        add(FOLDED, List.of(Burst.waiting(Traffic.NONE, slot, 0).folding(slot)), connections, 0, 0);
    }

    private void silent() {
        slot++;
        Burst unanswered = Burst.waiting(Traffic.UNANSWERED, slot, options.unanswered);
        Burst beside = data().folding(slot);
        slot++;
        closed += options.unanswered;
        add(SILENT, List.of(unanswered, beside, data().folding(slot)), connections, 0, options.unanswered);
    }

    private void ended() {
        closed += connections;
        add(ENDED, List.of(new Burst(Traffic.NONE, slot, 0, Long.MAX_VALUE)), 0, 0, 0);
    }

    private Burst data() {
        return Burst.waiting(Traffic.DATA, slot, connections);
    }

    private int waitingSlots() {
        return options.minutes / Slot.MINUTES;
    }

    private long waitingRecords() {
        return waitingSlots() * recordsOfSlot;
    }

    private void add(String point, List<Burst> bursts, long open, long waiting, long silent) {
        steps.add(new Step(point, List.copyOf(bursts), new Held(open, waiting, silent, closed)));
    }
}
