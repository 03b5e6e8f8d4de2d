package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.CountedRecord;
import io.flowsentinel.detect.judging.CoverageRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.RecordRouter;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.rule.FlowLogs.FlowLog;
import io.flowsentinel.detect.rule.Presence.Times;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * An interface, or a whole flow log, that wrote for a day stopped writing: not even that there was nothing to write
 * (NODATA). An interface is silent when it is so in every flow log that had it, while others of one of them go on; when
 * all of a flow log are silent, the flow log is, and nobody else. An interface that was made for an hour's work is not
 * known for long enough, and the end of the input is nobody's silence: nothing is judged after it.
 *
 * <p>The subject is a share of the interfaces of the account and region that flow logs belong to, for an interface may be
 * in several of them. All shares hear that a flow log goes on, and one of them, the flow log's home, tells when it does not.
 * What is silent stays a finding until it writes again, for a day at most: an interface that was deleted never will.
 *
 * <p>What counts is only that something was written, so a finding shows no records, and allow-lists mean nothing to it.
 * Where more interfaces of a share write in a pane than are told apart, nobody of it is silent.
 */
final class SilentInterface implements Detector {

    static final String ID = "silent-interface";

    static final Family FAMILY = Family.ofMinutes(26)
            .rule(ID, rules -> new SilentInterface(rules.rule(ID)))
            .records(rules -> new Routing())
            .coverage(Routing::new);

    static final String MINUTES = "silent_minutes";
    static final String HOURS = "known_hours";

    private static final long MINUTE = 60;
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;

    /** W is at most as long as a pane. */
    private static final int LEAST_INTERVALS = 3;

    private final RuleSettings rule;

    SilentInterface(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    /** Nothing is what it looks for. */
    @Override
    public double least() {
        return 0;
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        Presence presence = Presence.read(memory);
        for (PaneTally entry : window.tallies()) {
            presence.wrote(entry.cell().side(), window.pane());
        }
        long silence = Math.max(LEAST_INTERVALS * window.paneLength(), silence());
        if (presence.crowdedSince(window.pane() - silence)) {
            return List.of();
        }
        List<Sighting> sightings = new ArrayList<>();
        presence.flowLogs().forEach((flowLog, times) -> {
            if (presence.isHomeOf(flowLog) && silent(times, window.pane(), silence)) {
                List<EntityField> entity = List.of(new EntityField("flow_log", flowLog));
                sightings.add(sighting(entity, null, times, window, Severity.MEDIUM));
            }
        });
        presence.interfaces().forEach((interfaceId, known) -> {
            if (silent(known.times(), window.pane(), silence)
                    && presence.writesAfter(known.flowLogs(), window.pane() - silence / 2)) {
                List<EntityField> entity = List.of(new EntityField("interface", interfaceId));
                sightings.add(sighting(entity, known.scope(), known.times(), window, Severity.LOW));
            }
        });
        return sightings;
    }

    private boolean silent(Times times, long pane, long silence) {
        long since = pane - times.last();
        return times.last() - times.first() >= rule.threshold(HOURS) * HOUR
                && since >= silence
                && since < silence + DAY;
    }

    private Sighting sighting(List<EntityField> entity, String scope, Times times, Window window, Severity severity) {
        String interfaceId = scope == null ? null : entity.get(0).value();
        Sample last = Sample.ofInterface(scope, interfaceId, times.last(), List.of());
        PaneTally tally = new PaneTally(times.last(), Presence.NOBODY, Tally.of(last, false));
        return Sighting.of(rule, entity, List.of(tally))
                .scope(scope)
                .severity(severity)
                .peak(MINUTES, (window.pane() - times.last()) / MINUTE)
                .over(MINUTES, rule.threshold(MINUTES))
                .build();
    }

    private long silence() {
        return (long) (rule.threshold(MINUTES) * MINUTE);
    }

    @Override
    public boolean learns() {
        return true;
    }

    @Override
    public void learn(long pane, List<PaneTally> tallies, Memory memory) {
        Presence.note(memory, pane, tallies);
    }

    /** Nobody is silent any sooner than this after it wrote. */
    @Override
    public long rest() {
        return silence();
    }

    @Override
    public long forget(Memory memory, long time) {
        return Presence.forget(memory, time, silence());
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> entity.containsKey("flow_log")
                ? "Silent flow log: no interface of %s wrote for %d minutes"
                        .formatted(entity.get("flow_log"), numbers.get(MINUTES))
                : "Silent interface: %s wrote nothing for %d minutes"
                        .formatted(entity.get("interface"), numbers.get(MINUTES));
    }

    /** That an interface wrote, by the owner of its flow log. What it wrote makes no difference. */
    static final class Routing implements RecordRouter, CoverageRouter {

        /** Interfaces remembered; what is forgotten is made again. */
        private static final int MOST = 100_000;

        /** Shares of an account and region. */
        private static final int SHARES = 32;

        /** Panes in which it is remembered that a flow log goes on. */
        private static final int PANES = 64;

        private final FlowLogs flowLogs = new FlowLogs();
        private final Map<Writer, Mark> marked = new HashMap<>();
        private final Map<FlowLog, TreeSet<Long>> told = new HashMap<>();

        /** The flow log and the pane that were told last. */
        private FlowLog lastTold;

        private long lastPane;

        /** Equal ones of both are mostly one instance, and then compared at first sight. */
        private record Writer(FlowLog flowLog, Observer observer) {

            @Override
            public int hashCode() {
                return observer.hashCode();
            }
        }

        /** What is said of a writer, of which of the last panes it was said, and of which moment in each the first. */
        private static final class Mark {

            /** As many as records of one step of event time are of, even where a backlog is read. */
            private static final int PANES = 32;

            private final Subject subject;
            private final Cell cell;
            private final long[] panes = new long[PANES];
            private final long[] starts = new long[PANES];

            Mark(Subject subject, Cell cell) {
                this.subject = subject;
                this.cell = cell;
                Arrays.fill(panes, Long.MIN_VALUE);
            }

            /** Nobody counts them: once a pane is enough, and once more for one that began earlier, as first ones are kept. */
            boolean isNew(long pane, long paneLength, long start) {
                int place = (int) Math.floorMod(pane / paneLength, (long) PANES);
                if (panes[place] == pane && start >= starts[place]) {
                    return false;
                }
                panes[place] = pane;
                starts[place] = start;
                return true;
            }
        }

        @Override
        public void route(CountedRecord counted, Marks marks) {
            FlowRecord flow = counted.flow();
            route(flow.observer(), flow.ref().object(), flow.start(), counted.decidedAt(), marks);
        }

        @Override
        public void route(CoverageRecord coverage, Marks marks) {
            route(coverage.observer(), coverage.ref().object(), coverage.start(), coverage.end(), marks);
        }

        private void route(Observer observer, String object, long start, long decidedAt, Marks marks) {
            FlowLog flowLog = flowLogs.of(object);
            if (flowLog == null || observer.interfaceId().equals(Observer.NO_INTERFACE)) {
                return;
            }
            Mark mark = markOf(new Writer(flowLog, observer));
            tell(flowLog, start, decidedAt, marks);
            if (mark.isNew(
                    marks.panes().entering(start, decidedAt), marks.panes().length(), start)) {
                Sample sample = Sample.ofInterface(observer.scope(), observer.interfaceId(), start, List.of());
                marks.add(mark.subject, mark.cell, false, start, decidedAt, Tally.of(sample, false));
            }
        }

        private Mark markOf(Writer writer) {
            Mark known = marked.get(writer);
            if (known != null) {
                return known;
            }
            if (marked.size() >= MOST) {
                marked.clear();
            }
            Mark made = mark(writer);
            marked.put(writer, made);
            return made;
        }

        /** Once a pane is enough for all shares to know. */
        private void tell(FlowLog flowLog, long start, long decidedAt, Marks marks) {
            long pane = marks.panes().entering(start, decidedAt);
            if (pane == lastPane && flowLog.equals(lastTold)) {
                return;
            }
            lastPane = pane;
            lastTold = flowLog;
            TreeSet<Long> panes = told.computeIfAbsent(flowLog, unseen -> new TreeSet<>());
            if (!panes.add(pane)) {
                return;
            }
            if (panes.size() > PANES) {
                panes.pollFirst();
            }
            Sample sample = Sample.ofInterface(null, null, start, List.of());
            for (int share = 0; share < SHARES; share++) {
                Cell cell = Presence.cell(flowLog.id(), share == shareOf(flowLog.id()));
                marks.add(subject(flowLog, share), cell, false, start, decidedAt, Tally.of(sample, false));
            }
        }

        private static int shareOf(String id) {
            return (int) Math.floorMod(Cell.mix(Seen.fingerprint(id)), (long) SHARES);
        }

        private static Subject subject(FlowLog flowLog, int share) {
            return Subject.of(FAMILY.space(), null, flowLog.owner() + " " + share);
        }

        private static Mark mark(Writer writer) {
            FlowLog flowLog = writer.flowLog();
            return new Mark(
                    subject(flowLog, shareOf(writer.observer().interfaceId())),
                    Presence.cell(
                            flowLog.id(),
                            writer.observer().interfaceId(),
                            writer.observer().scope()));
        }
    }
}
