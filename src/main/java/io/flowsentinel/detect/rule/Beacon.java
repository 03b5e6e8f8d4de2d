package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Glance;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.IpAddress;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.longs.LongList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * An internal originator opened connections to one service of a responder as regularly as a machine that calls home. What
 * that is says {@link BeaconScore}, after RITA v5; nothing reaches 0.90 before its eighth hour.
 *
 * <p>What looks alike and must not fire: AWS services other than EC2 and AMAZON, where agents report; name resolution
 * and time over UDP, which the shipped allow-list has; intervals so short that the log's ticks make them even. An
 * internal responder's finding is a dry run, for inside most regular traffic is monitoring.
 *
 * <p>Where half of the hosts and more talk to the responder the severity is lowered: how many do is a fact about the whole
 * estate, which whoever judges one originator cannot know, so that is done where findings are settled, see {@link
 * #lowered}. It is decided once, at the Create.
 */
public final class Beacon implements Detector {

    /** Of the rule, in every rules file and alert. */
    public static final String ID = "beacon";

    static final Family FAMILY = Family.ofHours(9)
            .resting()
            .rule(ID, rules -> new Beacon(rules.rule(ID)))
            .connections(Routing::new);

    /** Name of the score before prevalence. */
    static final String SCORE = "score_percent";

    /** What prevalence takes off the score, which is then below the threshold's and shown beside it. */
    private static final long OFF_THE_SCORE = 15;

    /** Seconds: below it the ticks of the log are most of what is measured. */
    private static final long SHORTEST_INTERVAL = 300;

    /** The same, in aggregation intervals. */
    private static final long SHORTEST_IN_TICKS = 5;

    /** Behind an open's start stands how many bytes the originator sent. */
    private static final int BYTES_BITS = 31;

    /** Services that say no more than whose address it is: anybody may have an instance there. */
    private static final Set<String> ANYBODY = Set.of("EC2", "AMAZON");

    private static final long MOST_BYTES = (1L << BYTES_BITS) - 1;

    private final RuleSettings rule;

    Beacon(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return rule.threshold("opens");
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        return moments(window, window.inNoOrder()).size() < least()
                ? List.of()
                : AllowLists.accuse(ID, window.tallies(), tallies -> condition(window, tallies)).stream()
                        .toList();
    }

    @Override
    public Glance glance() {
        return Glance.MOMENTS;
    }

    @Override
    public boolean mayHold(LongList moments, long from, long to) {
        return mayScore(opens(since(from, moments)), from, to);
    }

    /** Whether opens may be even enough, as far as can be told without sorting them. */
    private boolean mayScore(long[] opens, long from, long to) {
        return opens.length >= least() && BeaconScore.atMost(opens, from, to) >= rule.threshold("score");
    }

    /** When its connections began, and what was sent in each. */
    private static LongList moments(Window window, Collection<PaneTally> tallies) {
        LongList all = new LongArrayList();
        for (PaneTally entry : tallies) {
            all.addElements(all.size(), entry.tally().moments());
        }
        return since(window.start(), all);
    }

    private static LongList since(long from, LongList moments) {
        LongList since = new LongArrayList(moments.size());
        for (int i = 0; i < moments.size(); i++) {
            if (moments.getLong(i) >> BYTES_BITS >= from) {
                since.add(moments.getLong(i));
            }
        }
        return since;
    }

    private static long[] opens(LongList moments) {
        long[] opens = new long[moments.size()];
        for (int i = 0; i < opens.length; i++) {
            opens[i] = moments.getLong(i) >> BYTES_BITS;
        }
        return opens;
    }

    private Sighting.Builder condition(Window window, List<PaneTally> tallies) {
        LongList moments = moments(window, tallies);
        long[] opens = opens(moments);
        if (!mayScore(opens, window.start(), window.end())) {
            return null;
        }
        long[] bytes = moments.longStream().map(moment -> moment & MOST_BYTES).toArray();
        Optional<BeaconScore> score = BeaconScore.of(opens, bytes, window.start(), window.end());
        long shortest = Math.max(SHORTEST_INTERVAL, SHORTEST_IN_TICKS * window.interval());
        return score.filter(one -> one.total() >= rule.threshold("score") && one.interval() >= shortest)
                .map(one -> sighting(one, tallies))
                .orElse(null);
    }

    private Sighting.Builder sighting(BeaconScore score, List<PaneTally> tallies) {
        Sample example = tallies.get(0).tally().first();
        List<EntityField> entity = List.of(
                new EntityField("originator", example.originator().address().toString()),
                new EntityField("responder", example.responder().address().toString()),
                new EntityField("port", String.valueOf(example.responder().port())));
        return Sighting.of(example.responderInternal() ? rule.dryRun() : rule, entity, tallies)
                .scope(example.scope())
                .severity(Severity.HIGH)
                .over(Sighting.CONNECTIONS, rule.threshold("opens"))
                .peak(SCORE, (long) (100 * score.total()))
                .context("interval", number(score.interval(), 0) + " s")
                .context("timestamp_score", number(score.timestamp(), 3))
                .context("data_size_score", number(score.dataSize(), 3))
                .context("duration_score", number(score.duration(), 3))
                .context("histogram_score", number(score.histogram(), 3))
                .ties(List.of(Ties.pair(example)));
    }

    /** The responder an alert of this rule is about, as text. */
    public static String responder(Alert alert) {
        return alert.entity().stream()
                .filter(field -> field.name().equals("responder"))
                .map(EntityField::value)
                .findFirst()
                .orElseThrow();
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Beacon: %s opened %s to %s port %s at even intervals, score %d %%"
                .formatted(
                        entity.get("originator"),
                        Wording.counted(numbers.get(Sighting.CONNECTIONS), "connection"),
                        entity.get("responder"),
                        entity.get("port"),
                        numbers.get(SCORE));
    }

    /** Of UDP nothing but the ports ever tells who began; of TCP a guess accuses nobody. */
    static boolean succeeded(ClosedConnection connection) {
        return connection.udp()
                ? connection.completed()
                : connection.successful() && connection.connection().rolesKnown();
    }

    static boolean ofAws(ClosedConnection connection) {
        String service = connection.connection().responder().service();
        return service != null && !ANYBODY.contains(service);
    }

    /**
     * A beacon's alert of which many do the same: no more than medium, unless the rules file says how severe it is.
     *
     * @param percent how many of a hundred hosts talk to its responder
     * @param override of the severity; null for none
     */
    public static Alert lowered(Alert alert, long percent, Severity override) {
        Map<String, Long> numbers = new TreeMap<>(alert.numbers());
        numbers.put("prevalence_percent", percent);
        numbers.put("lowered_score_percent", numbers.get(SCORE) - OFF_THE_SCORE);
        boolean lower = override == null && alert.severity() == Severity.HIGH;
        String title = alert.title() + ", as do " + percent + " % of the hosts";
        String message = title + alert.message().substring(alert.title().length());
        return alert.lowered(lower ? Severity.MEDIUM : alert.severity(), title, message, numbers);
    }

    /** Successful connections of internal originators, by the service they speak to. */
    static final class Routing implements ConnectionRouter {

        private final List<RuleSettings> rules;

        Routing(Rules rules) {
            this.rules = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection connection, Marks marks) {
            if (!connection.originatorInternal()
                    || !(connection.responderPublic() || connection.responderInternal())
                    || !succeeded(connection)
                    || ofAws(connection)) {
                return;
            }
            marks.translated(cell(connection, Map.of()), connection, gateway -> subject(connection, gateway));
            long bytes = Math.min(connection.connection().originator().bytes(), MOST_BYTES);
            Tally tally =
                    Tally.at(connection.sample(), connection.start() << BYTES_BITS | bytes, connection.coverageGap());
            Cell cell = cell(connection, AllowLists.covering(rules, connection));
            marks.add(subject(connection, connection.originator()), cell, connection, tally);
        }

        private static Subject subject(ClosedConnection connection, IpAddress originator) {
            return Subject.of(
                    FAMILY.space(),
                    connection.originatorScope(),
                    originator,
                    connection.responder(),
                    connection.port(),
                    Subject.NONE);
        }

        private static Cell cell(ClosedConnection connection, Map<String, String> allowedBy) {
            return new Cell(null, connection.port(), connection.protocol(), null, allowedBy);
        }
    }
}
