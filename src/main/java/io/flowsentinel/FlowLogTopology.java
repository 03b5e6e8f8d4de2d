package io.flowsentinel;

import io.flowsentinel.detect.DetectFindings;
import io.flowsentinel.detect.PartialBlock;
import io.flowsentinel.detect.RulesChanges;
import io.flowsentinel.detect.SettleFindings;
import io.flowsentinel.detect.TallyConnections;
import io.flowsentinel.detect.TallyCoverage;
import io.flowsentinel.detect.WatchRules;
import io.flowsentinel.detect.settings.AddressLists;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.lifecycle.FlowBlock;
import io.flowsentinel.lifecycle.GatherFlows;
import io.flowsentinel.lifecycle.TrackConnections;
import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.model.RulesChange;
import io.flowsentinel.serde.KeptChanges;
import io.flowsentinel.serde.Nouns;
import io.flowsentinel.sink.KeepAccounts;
import io.flowsentinel.sink.Sinks;
import java.util.UUID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job as a diagram; double lines are key exchanges.
 *
 * <pre>
 * read-objects ─ accept-flows ┬ gather-flows ═ track-connections ┬ tally-connections ┬═ findings
 *                             │                                  └ write-connections │
 *                             ├ tally-coverage ──────────────────────────────────────┘
 *                             ├ watch-rules ─ to all of track-connections, detect-findings, settle-findings
 *                             └ write-quarantine, write-late
 * findings ═ detect-findings ═ settle-findings ┬ write-alerts
 *                                              └ write-suppressed
 * all of them ─ keep-accounts
 * </pre>
 *
 * <p>Event time comes from the source, by delivery slot, so nothing here makes watermarks. Tests call {@link #build}
 * with sources and sinks of their own.
 *
 * <p>In a replay the sinks are called {@code replay-...} in place of {@code write-...}: a sink's state names transactions,
 * and a job that starts from it ends those that are open, be they another running job's; and files go on where they were.
 * So a replay that starts from a savepoint leaves the state of its sinks unclaimed, as does a live job that goes on from a
 * replay's. Their uids end with the replay's own id, so that this is so from one replay to the next.
 */
final class FlowLogTopology {

    private FlowLogTopology() {}

    static void build(
            StreamExecutionEnvironment env,
            Source<ParsedLine, ?, ?> objects,
            StageSettings settings,
            Rules rules,
            Sinks sinks) {
        // Lists are large, and looked into where connections are tallied only.
        Rules withoutLists = rules.withLists(AddressLists.NONE);
        RulesChange given = RulesChanges.given(rules, UUID.randomUUID().toString());
        var lines = stage(
                "read-objects",
                env.fromSource(objects, WatermarkStrategy.noWatermarks(), "read-objects", Nouns.PARSED_LINE));
        var flows = stage("accept-flows", lines.process(new AcceptFlows()).returns(Nouns.FLOW_RECORD));
        var notices = stage(
                        "watch-rules",
                        flows.getSideOutput(AcceptFlows.SKIPPED)
                                .transform(
                                        "watch-rules",
                                        Nouns.NOTICE,
                                        new WatchRules(settings.rulesFiles(), rules, given, settings.rulesInterval())))
                .setParallelism(1);
        var changes = notices.getSideOutput(WatchRules.RULES);
        var blocks = stage("gather-flows", flows.transform("gather-flows", FlowBlock.TYPE, new GatherFlows()));
        var connections = stage(
                "track-connections",
                blocks.keyBy(FlowBlock::key, Types.INT)
                        .connect(notices.broadcast(TrackConnections.LOST_RECORDS))
                        .process(new TrackConnections(settings.timeouts(), settings.liveFeed(given.ages()), given))
                        .returns(Nouns.LIFECYCLE_EVENT));

        var byConnection = stage(
                "tally-connections",
                connections.transform(
                        "tally-connections",
                        PartialBlock.TYPE,
                        new TallyConnections(rules, settings.networks(), settings.aggregationInterval())));
        var byCoverage = stage(
                "tally-coverage",
                flows.getSideOutput(AcceptFlows.COVERAGE)
                        .transform(
                                "tally-coverage",
                                PartialBlock.TYPE,
                                new TallyCoverage(settings.aggregationInterval())));
        var rulings = stage(
                "detect-findings",
                byConnection
                        .union(byCoverage)
                        .keyBy(PartialBlock::key, Types.INT)
                        .connect(changes.broadcast())
                        .transform(
                                "detect-findings",
                                SettleFindings.RULING,
                                new DetectFindings(withoutLists, given, settings.aggregationInterval())));
        var alerts = stage(
                        "settle-findings",
                        rulings.keyBy(ruling -> SettleFindings.ALL, Types.INT)
                                .connect(changes.broadcast(KeptChanges.STATE))
                                .process(new SettleFindings(withoutLists, given, settings.aggregationInterval()))
                                .returns(Nouns.ALERT))
                .setParallelism(1);

        write(
                settings,
                "connections",
                stage(
                        "publish-connections",
                        connections.flatMap(new PublishedOnly()).returns(Nouns.CONNECTION)),
                sinks.connections());
        // By one writer each, as they are settled by one: messages dealt out to several would change their order.
        write(settings, "alerts", alerts, sinks.alerts()).setParallelism(1);
        write(settings, "suppressed", alerts.getSideOutput(SettleFindings.SUPPRESSED), sinks.suppressed())
                .setParallelism(1);
        write(settings, "quarantine", flows.getSideOutput(AcceptFlows.QUARANTINED), sinks.quarantine());
        write(settings, "late", flows.getSideOutput(AcceptFlows.LATE), sinks.late());
        DataStream<Accounts> accounts = flows.getSideOutput(AcceptFlows.ACCOUNTS)
                .union(
                        connections.getSideOutput(TrackConnections.ACCOUNTS),
                        alerts.getSideOutput(SettleFindings.ACCOUNTS));
        stage("keep-accounts", accounts.process(new KeepAccounts())).setParallelism(1);
    }

    /** Name and uid are the same phrase: it names metrics and finds state again, so it is never changed or reused. */
    private static <T> SingleOutputStreamOperator<T> stage(String phrase, SingleOutputStreamOperator<T> operator) {
        return operator.uid(phrase).name(phrase);
    }

    private static <T> DataStreamSink<T> write(
            StageSettings settings, String feed, DataStream<T> stream, Sink<T> sink) {
        String phrase = (settings.isReplay() ? "replay-" : "write-") + feed;
        String uid = settings.replayId().map(id -> phrase + "-" + id).orElse(phrase);
        return stream.sinkTo(sink).uid(uid).name(phrase);
    }
}
