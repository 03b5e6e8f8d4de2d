package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Observer;
import io.flowsentinel.serde.Buckets;
import io.flowsentinel.serde.NounType;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * Records of one bucket, packed: as they cross to the tracker, and as they wait there until they may be folded. Never
 * changed once it is made.
 *
 * <p>A record of its own costs more on this way, in serializers, state and memory, than all that is done with it. Here it
 * is about 40 bytes, see {@link RecordFormat}, and a reference to the interface that logged it.
 */
public final class FlowBlock {

    /** How blocks cross to the tracker. */
    public static final TypeInformation<FlowBlock> TYPE = new NounType<>(FlowBlock.class, FlowBlockSerializer::new);

    private final int key;
    private final long earliest;
    private final byte[] records;
    private final Observer[] observers;
    private final String[] objects;

    /**
     * A block of at least one record.
     *
     * @param key of {@link Buckets}
     * @param earliest epoch seconds; no record starts before
     * @param records one after another, see {@link RecordFormat}
     * @param observers by the number that records have for them
     * @param objects likewise
     */
    FlowBlock(int key, long earliest, byte[] records, Observer[] observers, String[] objects) {
        this.key = key;
        this.earliest = earliest;
        this.records = records;
        this.observers = observers;
        this.objects = objects;
    }

    /** The key of the records' bucket. */
    public int key() {
        return key;
    }

    /** Epoch seconds; no record starts before. */
    long earliest() {
        return earliest;
    }

    /** Not to be changed. */
    byte[] records() {
        return records;
    }

    /** By the number that records have for them; not to be changed. */
    Observer[] observers() {
        return observers;
    }

    /** By the number that records have for them; not to be changed. */
    String[] objects() {
        return objects;
    }
}
