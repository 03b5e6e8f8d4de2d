package io.flowsentinel;

import io.flowsentinel.bench.Measured.Counts;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.lifecycle.FlowBlock;
import io.flowsentinel.lifecycle.GatherFlows;
import io.flowsentinel.lifecycle.LiveFeed;
import io.flowsentinel.lifecycle.TrackConnections;
import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.LifecycleEvent;
import io.flowsentinel.model.Notice;
import io.flowsentinel.model.RulesChange;
import io.flowsentinel.serde.Nouns;
import io.flowsentinel.sink.KeepAccounts;
import io.flowsentinel.source.FlowLogSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Parts of the job, and the whole of it, in a Flink inside this JVM. */
public final class BenchJob {

    private static final LongAdder RECORDS = new LongAdder();
    private static final LongAdder CONNECTIONS = new LongAdder();
    private static final LongAdder BYTES = new LongAdder();

    private final Path logs;
    private final Path scratch;
    private final int parallelism;

    /** @param scratch for checkpoints and feeds; of this run alone */
    public BenchJob(Path logs, Path scratch, int parallelism) {
        this.logs = logs;
        this.scratch = scratch;
        this.parallelism = parallelism;
    }

    /** Reads and parses, nothing else. */
    public Counts parse() throws Exception {
        StreamExecutionEnvironment env = environment();
        flows(env).sinkTo(new CountRecords()).uid("count-records");
        env.execute();
        return counts();
    }

    /** Reads, parses and pairs. */
    public Counts pair() throws Exception {
        StreamExecutionEnvironment env = environment();
        StageSettings settings = new StageSettings(config());
        SingleOutputStreamOperator<FlowRecord> flows = flows(env);
        DataStream<Notice> lost = flows.getSideOutput(AcceptFlows.SKIPPED)
                .map(record -> (Notice) record)
                .returns(Nouns.NOTICE)
                .uid("lost-records");
        flows.transform("gather-flows", FlowBlock.TYPE, new GatherFlows())
                .uid("gather-flows")
                .keyBy(FlowBlock::key, Types.INT)
                .connect(lost.broadcast(TrackConnections.LOST_RECORDS))
                .process(new TrackConnections(
                        settings.timeouts(), LiveFeed.CLOSE_ONLY, RulesChange.given("none", List.of(), "")))
                .returns(Nouns.LIFECYCLE_EVENT)
                .uid("track-connections")
                .sinkTo(new CountConnections())
                .uid("count-connections");
        env.execute();
        return counts();
    }

    /** The whole job with all rules; alerts are written, connections are not. */
    public Counts whole() throws Exception {
        StreamExecutionEnvironment env = environment();
        FlowLogJob.build(env, config(), "bench");
        Accounts accounts = KeepAccounts.of(env.execute());
        return new Counts(accounts.get("records_ok"), accounts.get("connections"), 0);
    }

    private SingleOutputStreamOperator<FlowRecord> flows(StreamExecutionEnvironment env) {
        RECORDS.reset();
        CONNECTIONS.reset();
        BYTES.reset();
        StageSettings settings = new StageSettings(config());
        return env.fromSource(
                        new FlowLogSource<>(
                                settings.source(), new ParseObjects(settings.parser(), FlowLogJob.coverage(config()))),
                        WatermarkStrategy.noWatermarks(),
                        "read-objects",
                        Nouns.PARSED_LINE)
                .uid("read-objects")
                .process(new AcceptFlows())
                .returns(Nouns.FLOW_RECORD)
                .uid("accept-flows");
    }

    private static Counts counts() {
        return new Counts(RECORDS.sum(), CONNECTIONS.sum(), BYTES.sum());
    }

    private JobConfig config() {
        Configuration settings = new Configuration();
        settings.setString("source.uri", logs.toUri().toString());
        settings.setString("source.mode", "bounded");
        settings.setString("alerts.sink", "files");
        settings.setString("connections.sink", "none");
        settings.setString("output.dir", scratch.resolve("feeds").toString());
        return JobConfig.from(settings);
    }

    private StreamExecutionEnvironment environment() {
        Configuration settings = new Configuration();
        settings.set(TaskManagerOptions.NUM_TASK_SLOTS, parallelism);
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64 + 32L * parallelism));
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64 + 32L * parallelism));
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(30));
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                scratch.resolve("checkpoints").toUri().toString());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
        env.setParallelism(parallelism);
        return env;
    }

    private static final class CountRecords implements Sink<FlowRecord> {

        private static final long serialVersionUID = 1L;

        @Override
        public SinkWriter<FlowRecord> createWriter(WriterInitContext context) {
            return new Counting<>() {
                @Override
                public void write(FlowRecord record, Context of) {
                    RECORDS.increment();
                }
            };
        }
    }

    private static final class CountConnections implements Sink<LifecycleEvent> {

        private static final long serialVersionUID = 1L;

        @Override
        public SinkWriter<LifecycleEvent> createWriter(WriterInitContext context) {
            return new Counting<>() {
                @Override
                public void write(LifecycleEvent event, Context of) {
                    if (event instanceof Connection connection && connection.event() == Connection.Event.CLOSE) {
                        CONNECTIONS.increment();
                        RECORDS.add(connection.records());
                        BYTES.add(connection.originator().bytes()
                                + connection.responder().bytes());
                    }
                }
            };
        }
    }

    private abstract static class Counting<T> implements SinkWriter<T> {

        @Override
        public final void flush(boolean endOfInput) {}

        @Override
        public final void close() {}
    }
}
