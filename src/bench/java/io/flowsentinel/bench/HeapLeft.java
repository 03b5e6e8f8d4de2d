package io.flowsentinel.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * The most of the heap that was in use right after a collection. What is resident says nothing of a heap that is taken from
 * the system at the start.
 */
final class HeapLeft {

    private final AtomicLong most = new AtomicLong();

    private HeapLeft() {}

    /** Watches from here on. */
    static HeapLeft watch() {
        HeapLeft left = new HeapLeft();
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(
                            (notification, nothing) -> left.take(
                                    GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())),
                            notification -> notification
                                    .getType()
                                    .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
                            null);
        }
        return left;
    }

    private void take(GarbageCollectionNotificationInfo collection) {
        long heap = 0;
        for (var pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage after = collection.getGcInfo().getMemoryUsageAfterGc().get(pool.getName());
            if (pool.getType() == MemoryType.HEAP && after != null) {
                heap += after.getUsed();
            }
        }
        most.accumulateAndGet(heap, Math::max);
    }

    /** Bytes; 0 where there was no collection. */
    long most() {
        return most.get();
    }
}
