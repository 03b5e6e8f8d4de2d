package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.CountedRecord;
import io.flowsentinel.detect.judging.CoverageRouter;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.RecordRouter;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.SampleForm;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.rule.FlowLogs.FlowLog;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import java.util.Arrays;
import java.util.List;

/** That an interface wrote, by the owner of its flow log. What it wrote makes no difference. */
final class WhoWrites implements RecordRouter, CoverageRouter {

    /** Shares of an account and region. */
    private static final int SHARES = 32;

    private final FlowLogs flowLogs = new FlowLogs();
    private final StillThere interfaces;
    private final StillThere goingOn;

    /** By the interfaces' numbers; made when they are first asked for. */
    private Writer[] writers = new Writer[64];

    /**
     * The last event time that was heard of, in epoch seconds. Not that of records: they come before the event time they bring
     * is told, and what is put off may still enter all panes that are judged on the way there.
     */
    private long now = Long.MIN_VALUE;

    // What was told last, or put off: of records that come one after the other many are of one interface.
    private FlowLog lastLog;
    private Observer lastObserver;
    private long lastPane;

    private WhoWrites(long unheard) {
        this.interfaces = new StillThere(unheard);
        this.goingOn = new StillThere(unheard);
    }

    /** Tells of each pane. */
    static WhoWrites inEachPane() {
        return new WhoWrites(0);
    }

    /**
     * Tells as seldom as can be.
     *
     * @param silence after how many seconds somebody is missed; others are known to go on if they wrote within half of it
     */
    static WhoWrites seldom(long silence) {
        return new WhoWrites(silence / 2);
    }

    /** What is said of an interface in a flow log. */
    private static final class Writer {

        private final FlowLog flowLog;
        private final Observer observer;
        private final Subject subject;
        private final Cell cell;

        /** Of the sample, which begins with the pane: nobody counts or shows what was written. */
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
        if (pane == lastPane && observer.equals(lastObserver) && flowLog.equals(lastLog)) {
            return;
        }
        lastLog = flowLog;
        lastObserver = observer;
        lastPane = pane;
        if (goingOn.full()) {
            goingOn.forgetAll(marks.panes(), (number, at) -> tellLog(number, at, marks));
        }
        if (interfaces.full()) {
            interfaces.forgetAll(marks.panes(), (number, at) -> tellInterface(number, at, marks));
        }
        long hash = 31L * observer.interfaceId().hashCode() + flowLog.id().hashCode();
        int writer = interfaces.numberOf(flowLog, observer, hash);
        if (interfaces.isLatest(writer, pane)) {
            return; // nearly always; that the flow log went on then was told, or put off, along with it
        }
        int log = goingOn.numberOf(null, flowLog, flowLog.id().hashCode());
        if (goingOn.isNews(log, pane, marks.panes())) {
            goingOn.tell(log, pane, marks.panes(), (number, at) -> tellLog(number, at, marks));
        }
        if (interfaces.isNews(writer, pane, marks.panes())) {
            interfaces.tell(writer, pane, marks.panes(), (number, at) -> tellInterface(number, at, marks));
        }
    }

    @Override
    public void tellDue(long time, Marks marks) {
        goingOn.tellDue(time, marks.panes(), (number, pane) -> tellLog(number, pane, marks));
        interfaces.tellDue(time, marks.panes(), (number, pane) -> tellInterface(number, pane, marks));
        if (time != Long.MAX_VALUE) {
            now = time;
        }
    }

    /** As if it were heard of in time, as long as its own pane is not judged. */
    private long heardAt(long pane) {
        return Math.max(now, pane);
    }

    private void tellInterface(int number, long pane, Marks marks) {
        Writer writer = writer(number);
        Tally tally = Tally.of(new Sample(pane, writer.form), false);
        marks.add(writer.subject, writer.cell, false, pane, heardAt(pane), tally);
    }

    private Writer writer(int number) {
        if (number >= writers.length) {
            writers = Arrays.copyOf(writers, Math.max(number + 1, 2 * writers.length));
        }
        FlowLog flowLog = (FlowLog) interfaces.one(number);
        Observer observer = (Observer) interfaces.other(number);
        Writer known = writers[number];
        if (known == null || !known.is(flowLog, observer)) {
            known = new Writer(flowLog, observer);
            writers[number] = known;
        }
        return known;
    }

    /** Tells all shares. */
    private void tellLog(int number, long pane, Marks marks) {
        FlowLog flowLog = (FlowLog) goingOn.other(number);
        Sample sample = Sample.ofInterface(null, null, pane, List.of());
        for (int share = 0; share < SHARES; share++) {
            Cell cell = Presence.cell(flowLog.id(), share == shareOf(flowLog.id()));
            marks.add(subject(flowLog, share), cell, false, pane, heardAt(pane), Tally.of(sample, false));
        }
    }

    private static int shareOf(String id) {
        return (int) Math.floorMod(Cell.mix(Seen.fingerprint(id)), (long) SHARES);
    }

    private static Subject subject(FlowLog flowLog, int share) {
        return Subject.of(SilentInterface.FAMILY.space(), null, flowLog.owner() + " " + share);
    }
}
