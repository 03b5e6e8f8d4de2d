package io.flowsentinel.source;

import io.flowsentinel.source.discovery.LogObject;
import java.io.Serializable;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.MetricGroup;

/**
 * Turns the lines of objects into elements. Handed in by the topology, so that the source need not know what a line
 * means.
 *
 * @param <T> the element
 */
public interface ObjectFormat<T> extends Serializable {

    /** A decoder for one attempt to read one object, used by one thread. */
    ObjectDecoder<T> open(LogObject object);

    /**
     * The element that tells absolute totals since the range began. Later ones replace earlier ones.
     */
    T discovered(DiscoveryTotals totals);

    TypeInformation<T> producedType();

    /** Shows in metrics what it likes of its work; called once for each reader, before anything is read. */
    default void show(MetricGroup metrics) {}
}
