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
import io.flowsentinel.detect.judging.SampleForm;
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
import java.util.List;

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
        for (PaneTally entry : window.inNoOrder()) {
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

        /** Shares of an account and region. */
        private static final int SHARES = 32;

        private final FlowLogs flowLogs = new FlowLogs();
        private final Told written = new Told();

        /** By their numbers; made when they are first asked for. */
        private Writer[] writers = new Writer[64];

        private final Told goingOn = new Told();

        /** What is said of an interface in a flow log, once a pane. */
        private static final class Writer {

            private final FlowLog flowLog;
            private final Observer observer;
            private final Subject subject;
            private final Cell cell;

            /** Of the sample, whose start is the pane's: nobody counts or shows what was written. */
            private final SampleForm form;

            Writer(FlowLog flowLog, Observer observer) {
                this.flowLog = flowLog;
                this.observer = observer;
                this.subject = subject(flowLog, shareOf(observer.interfaceId()));
                this.cell = Presence.cell(flowLog.id(), observer.interfaceId(), observer.scope());
                this.form = Sample.ofInterface(observer.scope(), observer.interfaceId(), 0, List.of())
                        .form();
            }

            boolean is(FlowLog someFlowLog, Observer someObserver) {
                return observer.equals(someObserver) && flowLog.equals(someFlowLog);
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
            long pane = marks.panes().entering(start, decidedAt);
            long nth = pane / marks.panes().length();
            int goesOn = goingOn.numberOf(null, flowLog, flowLog.id().hashCode());
            if (goingOn.isNew(goesOn, nth)) {
                tell(flowLog, pane, decidedAt, marks);
            }
            int number = written.numberOf(
                    flowLog,
                    observer,
                    31L * observer.interfaceId().hashCode() + flowLog.id().hashCode());
            if (written.isNew(number, nth)) {
                Writer writer = writer(number, flowLog, observer);
                Tally tally = Tally.of(new Sample(pane, writer.form), false);
                marks.add(writer.subject, writer.cell, false, pane, decidedAt, tally);
            }
        }

        private Writer writer(int number, FlowLog flowLog, Observer observer) {
            if (number >= writers.length) {
                writers = Arrays.copyOf(writers, Math.max(number + 1, 2 * writers.length));
            }
            Writer known = writers[number];
            if (known == null || !known.is(flowLog, observer)) {
                known = new Writer(flowLog, observer);
                writers[number] = known;
            }
            return known;
        }

        /** Tells all shares. */
        private static void tell(FlowLog flowLog, long pane, long decidedAt, Marks marks) {
            Sample sample = Sample.ofInterface(null, null, pane, List.of());
            for (int share = 0; share < SHARES; share++) {
                Cell cell = Presence.cell(flowLog.id(), share == shareOf(flowLog.id()));
                marks.add(subject(flowLog, share), cell, false, pane, decidedAt, Tally.of(sample, false));
            }
        }

        private static int shareOf(String id) {
            return (int) Math.floorMod(Cell.mix(Seen.fingerprint(id)), (long) SHARES);
        }

        private static Subject subject(FlowLog flowLog, int share) {
            return Subject.of(FAMILY.space(), null, flowLog.owner() + " " + share);
        }
    }
}
