package io.flowsentinel.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A small run on both backends. That connections close when they should, and not before, each run looks at itself. */
class LifecycleSizeIT {

    private static final int CONNECTIONS = 50_000;
    private static final int KIBI = 1024;

    private static Measured hashMap;
    private static Measured rocksDb;

    @BeforeAll
    static void measure() throws Exception {
        SizeOptions options =
                SizeOptions.parse("--connections=" + CONNECTIONS, "--minutes=5", "--slots=2", "--unanswered=10000");
        List<Measured> runs = LifecycleSize.measure(options, System.out);
        hashMap = runs.get(0);
        rocksDb = runs.get(1);
    }

    @Test
    void aFullCheckpointIsWhatItsFilesAre() {
        for (Point point : hashMap.points()) {
            long bytes = point.checkpoint().bytes();
            assertThat(point.checkpoint().newBytes()).isEqualTo(bytes);
            assertThat(point.space().checkpointFileBytes()).isBetween(bytes, bytes + 256 * KIBI);
        }
    }

    /**
     * A savepoint is what of RocksDB's bytes is live. So few connections share little of what they name: of a million,
     * one takes 139. Heap is measured where nothing else has run in the JVM, see {@link AnySizeIT}.
     */
    @Test
    void anOpenConnectionTakesFewBytes() {
        assertThat(hashMap.checkpointPerOpenConnection()).isLessThan(250);
        assertThat(rocksDb.savepointPerOpenConnection()).isLessThan(250);
    }

    @Test
    void whatIsHeldIsInTheCheckpoint() {
        assertThat(hashMap.checkpointPerOpenConnection()).isGreaterThan(10);
        assertThat(hashMap.checkpointPerWaitingRecord()).isGreaterThan(10);
        assertThat(hashMap.checkpointPerSilentKey()).isGreaterThan(10);
    }

    @Test
    void asManyConnectionsAndRecordsTakeTheSameHoweverMuchTimeHasPassed() {
        long before = hashMap.at("slot 1").checkpoint().bytes();
        long after = hashMap.at("slot 2").checkpoint().bytes();

        assertThat(after).isCloseTo(before, withinPercentage(5));
    }

    @Test
    void nothingIsLeftInTheEnd() {
        Point ended = hashMap.at(Script.ENDED);

        assertThat(ended.checkpoint().bytes()).isLessThan(64 * KIBI);
        assertThat(ended.space().heapBytes())
                .isLessThan(hashMap.at(Script.OPEN).space().heapBytes());
    }

    @Test
    void rocksDbKeepsAllOfItInItsTables() {
        Point open = rocksDb.at(Script.OPEN);
        Point waiting = rocksDb.at(Script.WAITING);

        assertThat(open.space().tableBytes()).isGreaterThan(10L * CONNECTIONS);
        assertThat(open.checkpoint().bytes()).isGreaterThan(10L * CONNECTIONS);
        long moreHeap = waiting.space().heapBytes() - open.space().heapBytes();
        assertThat(moreHeap).isLessThan(20 * waiting.step().held().waiting());
    }

    @Test
    void bothBackendsHoldTheSame() {
        assertThat(rocksDb.savepointPerOpenConnection())
                .isCloseTo(hashMap.savepointPerOpenConnection(), withinPercentage(1));
    }

    @Test
    void aLaterCheckpointOfRocksDbWritesWhatIsNew() {
        assertThat(rocksDb.points())
                .allMatch(one -> one.checkpoint().newBytes() <= one.checkpoint().bytes())
                .anyMatch(one -> one.checkpoint().newBytes() < one.checkpoint().bytes() * 0.9);
    }
}
