package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.rule.Presence.Times;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import java.util.ArrayList;
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
 * Where more interfaces of a share are told of in a pane than are told apart, nobody of it is silent.
 */
final class SilentInterface implements Detector {

    static final String ID = "silent-interface";

    static final Family FAMILY = Family.ofMinutes(26)
            .rule(ID, rules -> new SilentInterface(rules.rule(ID)))
            .records(rules -> WhoWrites.seldom(silence(rules.rule(ID))))
            .coverage(WhoWrites::inEachPane);

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
            presence.wrote(entry.cell().side(), entry.tally().lastStart());
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
        return silence(rule);
    }

    /** In seconds, without regard to the aggregation interval. */
    private static long silence(RuleSettings rule) {
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
}
