package io.flowsentinel.source;

import io.flowsentinel.source.discovery.FolderListing;
import java.time.Clock;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SupportsSplitReassignmentOnRecovery;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Reads flow log objects, every one once, and gives event time by delivery slot: use it with
 * {@code WatermarkStrategy.noWatermarks()}.
 *
 * <p>Restored splits go back to the enumerator, which alone knows what they mean for event time and hands them out anew
 * in the order of their slots, at any parallelism.
 *
 * @param <T> the element
 */
public final class FlowLogSource<T>
        implements Source<T, ObjectSplit, DiscoveryProgress>,
                SupportsSplitReassignmentOnRecovery,
                ResultTypeQueryable<T> {

    private static final long serialVersionUID = 1L;

    private final SourceSettings settings;
    private final ObjectFormat<T> format;

    /** Of all enumerators of one job manager, one after the other; null before the first. */
    @Nullable
    private transient DiscoveryMetrics metrics;

    public FlowLogSource(SourceSettings settings, ObjectFormat<T> format) {
        this.settings = settings;
        this.format = format;
    }

    @Override
    public Boundedness getBoundedness() {
        return settings.continuous() ? Boundedness.CONTINUOUS_UNBOUNDED : Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<T, ObjectSplit> createReader(SourceReaderContext context) {
        format.show(context.metricGroup());
        return new FlowLogReader<>(
                context,
                format,
                settings.reading(),
                object -> {
                    Path path = new Path(object.uri());
                    return path.getFileSystem().open(path);
                },
                new ReadingMetrics(context.metricGroup()));
    }

    @Override
    public SplitEnumerator<ObjectSplit, DiscoveryProgress> createEnumerator(
            SplitEnumeratorContext<ObjectSplit> context) {
        return enumerator(context, null);
    }

    @Override
    public SplitEnumerator<ObjectSplit, DiscoveryProgress> restoreEnumerator(
            SplitEnumeratorContext<ObjectSplit> context, DiscoveryProgress progress) {
        return enumerator(context, progress);
    }

    @Override
    public SimpleVersionedSerializer<ObjectSplit> getSplitSerializer() {
        return ObjectSplitSerializer.INSTANCE;
    }

    @Override
    public SimpleVersionedSerializer<DiscoveryProgress> getEnumeratorCheckpointSerializer() {
        return new DiscoveryProgressSerializer();
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return format.producedType();
    }

    private SplitEnumerator<ObjectSplit, DiscoveryProgress> enumerator(
            SplitEnumeratorContext<ObjectSplit> context, @Nullable DiscoveryProgress progress) {
        Clock clock = Clock.systemUTC();
        return new FlowLogEnumerator(
                context,
                settings,
                new FolderListing(settings.roots(), settings.filter(), settings.continuous(), clock),
                metrics(context, clock),
                clock,
                progress);
    }

    private synchronized DiscoveryMetrics metrics(SplitEnumeratorContext<ObjectSplit> context, Clock clock) {
        if (metrics == null) {
            metrics = new DiscoveryMetrics(context.metricGroup(), clock);
        }
        return metrics;
    }
}
