package io.flowsentinel;

import io.flowsentinel.detect.Contribution;
import io.flowsentinel.detect.DetectConnections;
import io.flowsentinel.detect.Group;
import io.flowsentinel.detect.RouteConnections;
import io.flowsentinel.detect.Rules;
import io.flowsentinel.lifecycle.BucketKeys;
import io.flowsentinel.lifecycle.TrackConnections;
import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.serde.Nouns;
import io.flowsentinel.sink.KeepAccounts;
import io.flowsentinel.sink.Sinks;
import java.util.Locale;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;

/**
 * The job as a diagram; double lines are key exchanges.
 *
 * <pre>
 * read-objects ─ accept-flows ═ track-connections ┬ route-by-originator ═ detect-by-originator ┐
 *                     │                 │         ├ route-by-responder  ═ detect-by-responder  ┼ write-alerts
 *                     │                 │         └ route-by-interface  ═ detect-by-interface  ┘ write-suppressed
 *                     │                 └ write-connections
 *                     └ write-quarantine, write-late
 * all of them ─ keep-accounts
 * </pre>
 *
 * <p>Event time comes from the source, by delivery slot, so nothing here makes watermarks. Tests call {@link #build}
 * with sources and sinks of their own.
 */
final class FlowLogTopology {

    private FlowLogTopology() {}

    static void build(
            StreamExecutionEnvironment env,
            Source<ParsedLine, ?, ?> objects,
            StageSettings settings,
            Rules rules,
            Sinks sinks) {
        var lines = stage(
                "read-objects",
                env.fromSource(objects, WatermarkStrategy.noWatermarks(), "read-objects", Nouns.PARSED_LINE));
        var flows = stage("accept-flows", lines.process(new AcceptFlows()).returns(Nouns.FLOW_RECORD));
        var lostRecords = flows.getSideOutput(AcceptFlows.SKIPPED).broadcast(TrackConnections.LOST_RECORDS);
        var connections = stage(
                "track-connections",
                flows.keyBy(BucketKeys::of, Types.INT)
                        .connect(lostRecords)
                        .process(new TrackConnections(settings.timeouts(), settings.liveFeed()))
                        .returns(Nouns.CONNECTION));

        var byOriginator = detect(Group.ORIGINATOR, connections, settings, rules);
        var byResponder = detect(Group.RESPONDER, connections, settings, rules);
        var byInterface = detect(Group.INTERFACE, connections, settings, rules);

        write("write-connections", connections, sinks.connections());
        write("write-alerts", byOriginator.union(byResponder, byInterface), sinks.alerts());
        write(
                "write-suppressed",
                union(DetectConnections.SUPPRESSED, byOriginator, byResponder, byInterface),
                sinks.suppressed());
        write("write-quarantine", flows.getSideOutput(AcceptFlows.QUARANTINED), sinks.quarantine());
        write("write-late", flows.getSideOutput(AcceptFlows.LATE), sinks.late());
        DataStream<Accounts> accounts = flows.getSideOutput(AcceptFlows.ACCOUNTS)
                .union(
                        connections.getSideOutput(TrackConnections.ACCOUNTS),
                        union(DetectConnections.ACCOUNTS, byOriginator, byResponder, byInterface));
        stage("keep-accounts", accounts.process(new KeepAccounts())).setParallelism(1);
    }

    private static SingleOutputStreamOperator<Alert> detect(
            Group group, DataStream<Connection> connections, StageSettings settings, Rules rules) {
        String by = "-by-" + group.name().toLowerCase(Locale.ROOT);
        var routed = stage(
                "route" + by,
                connections
                        .flatMap(
                                new RouteConnections(group, rules, settings.networks(), settings.aggregationInterval()))
                        .returns(DetectConnections.CONTRIBUTION));
        return stage(
                "detect" + by,
                routed.keyBy(Contribution::key, Types.STRING)
                        .process(new DetectConnections(group, rules, settings.aggregationInterval()))
                        .returns(Nouns.ALERT));
    }

    private static <T> DataStream<T> union(
            OutputTag<T> tag,
            SingleOutputStreamOperator<Alert> one,
            SingleOutputStreamOperator<Alert> two,
            SingleOutputStreamOperator<Alert> three) {
        return one.getSideOutput(tag).union(two.getSideOutput(tag), three.getSideOutput(tag));
    }

    /** Name and uid are the same phrase: it names metrics and finds state again, so it is never changed or reused. */
    private static <T> SingleOutputStreamOperator<T> stage(String phrase, SingleOutputStreamOperator<T> operator) {
        return operator.uid(phrase).name(phrase);
    }

    private static <T> void write(String phrase, DataStream<T> stream, Sink<T> sink) {
        stream.sinkTo(sink).uid(phrase).name(phrase);
    }
}
