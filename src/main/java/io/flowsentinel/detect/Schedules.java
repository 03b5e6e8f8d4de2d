package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.flink.runtime.state.internal.InternalListState;
import org.apache.flink.runtime.state.internal.InternalValueState;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * The schedules of the subjects in the bucket at hand, and of each moment the subjects that are looked at then. One that is
 * looked at earlier stays on the list of the later moment, where it is passed over. Moments are epoch seconds of event time.
 */
final class Schedules {

    private final InternalValueState<Integer, Subject, Schedule> schedules;
    private final InternalListState<Integer, Long, Subject> wakes;
    private final LongConsumer wake;

    /**
     * Schedules.
     *
     * @param schedules by subject
     * @param wakes by moment
     * @param wake hears at which moments {@link #due} has to be asked
     */
    Schedules(
            InternalValueState<Integer, Subject, Schedule> schedules,
            InternalListState<Integer, Long, Subject> wakes,
            LongConsumer wake) {
        this.schedules = schedules;
        this.wakes = wakes;
        this.wake = wake;
    }

    /** Null where there is none. */
    Schedule of(Subject subject) {
        schedules.setCurrentNamespace(subject);
        try {
            return schedules.value();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read when to look at " + subject, e);
        }
    }

    /** Keeps a schedule; agendas of it are not to be used then. */
    void keep(Subject subject, Schedule schedule) {
        schedule.pack();
        schedules.setCurrentNamespace(subject);
        try {
            schedules.update(schedule);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write when to look at " + subject, e);
        }
    }

    void forget(Subject subject) {
        schedules.setCurrentNamespace(subject);
        schedules.clear();
    }

    /** Has a subject looked at by a moment, if it is not before; the schedule is still to be kept. */
    void lookBy(long next, Subject subject, Schedule schedule) {
        if (next >= schedule.wakeAt) {
            return;
        }
        schedule.wakeAt = next;
        wakes.setCurrentNamespace(next);
        try {
            wakes.add(subject);
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot write when to look at " + subject, e);
        }
        wake.accept(next);
    }

    /** The subjects on the list of a moment, which is gone then. */
    List<Subject> due(long moment) {
        wakes.setCurrentNamespace(moment);
        try {
            List<Subject> due = wakes.getInternal();
            wakes.clear();
            return due == null ? List.of() : due;
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot read whom to look at", e);
        }
    }
}
