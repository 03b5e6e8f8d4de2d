package io.flowsentinel.traffic;

import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.RecordRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An hour of logs.
 *
 * @param records usable records, some of them twice
 * @param coverage SKIPDATA records
 * @param readTo epoch seconds of the end of the last delivery slot with a record
 */
public record Traffic(List<FlowRecord> records, List<CoverageRecord> coverage, long readTo) {

    /** Beginning of the hour, epoch seconds. */
    public static final long START = 1_700_000_400L;

    /** AWS delivers by slots of five minutes. */
    public static final long SLOT_SECONDS = 300;

    private static final long HOUR = 3_600;
    private static final List<Integer> PROTOCOLS = List.of(
            FlowRecord.TCP,
            FlowRecord.TCP,
            FlowRecord.TCP,
            FlowRecord.TCP,
            FlowRecord.TCP,
            FlowRecord.TCP,
            FlowRecord.UDP,
            FlowRecord.UDP,
            FlowRecord.ICMP,
            FlowRecord.SCTP,
            47);

    /** Where interfaces write. */
    static final class Log {

        private final List<FlowRecord> records = new ArrayList<>();
        private final List<CoverageRecord> coverage = new ArrayList<>();

        void record(FlowRecord flow) {
            records.add(flow);
        }

        void coverage(CoverageRecord one) {
            coverage.add(one);
        }

        RecordRef reference() {
            return new RecordRef("file:/lost.log", coverage.size() + 1L);
        }
    }

    /**
     * The traffic of a seed.
     *
     * @param tuples how many pairs of ends talk, each about four times
     */
    public static Traffic hour(long seed, int tuples, Duration aggregationInterval) {
        Luck luck = new Luck(seed);
        Estate estate = new Estate(aggregationInterval.toSeconds(), luck);
        for (int i = 0; i < tuples; i++) {
            int protocol = luck.pick(PROTOCOLS);
            talk(estate.anyRoute(protocol), protocol, luck);
        }
        Log log = new Log();
        estate.interfaces().forEach(nic -> nic.write(log));
        List<FlowRecord> delivered = delivered(log.records, luck);
        long last = delivered.stream().mapToLong(FlowRecord::end).max().orElse(START);
        return new Traffic(delivered, log.coverage, (Math.floorDiv(last, SLOT_SECONDS) + 1) * SLOT_SECONDS);
    }

    /** Two ends use one tuple again and again, sometimes the other way round. */
    private static void talk(Route route, int protocol, Luck luck) {
        long at = START + luck.between(0, HOUR);
        long times = luck.between(1, 7);
        for (long i = 0; i < times && at < START + HOUR; i++) {
            Route way = luck.oneIn(12) ? route.reversed() : route;
            long end = Exchange.any(protocol, luck).play(filtered(way, at, luck), at, luck);
            at = end + pause(luck);
        }
    }

    private static Route filtered(Route route, long at, Luck luck) {
        if (!luck.oneIn(5)) {
            return route;
        }
        long since = luck.oneIn(4) ? at + luck.between(1, 90) : at;
        return route.with(new Filter((int) luck.between(0, route.hops().size() - 1), luck.oneIn(3), since));
    }

    private static long pause(Luck luck) {
        return switch ((int) luck.between(0, 5)) {
            case 0 -> luck.between(0, 3);
            case 1 -> luck.between(20, 70);
            case 2, 3 -> luck.between(60, 200);
            case 4 -> luck.between(130, 400);
            default -> luck.between(900, 1_300);
        };
    }

    /** Each record with a place of its own; some are delivered twice. */
    private static List<FlowRecord> delivered(List<FlowRecord> records, Luck luck) {
        List<FlowRecord> delivered = new ArrayList<>();
        for (FlowRecord flow : records) {
            delivered.add(placed(flow, delivered.size() + 1L));
            if (luck.oneIn(100)) {
                delivered.add(placed(flow, delivered.size() + 1L));
            }
        }
        return delivered;
    }

    private static FlowRecord placed(FlowRecord flow, long line) {
        return new FlowRecord(
                flow.observer(),
                flow.protocol(),
                flow.source(),
                flow.destination(),
                flow.plainSource(),
                flow.plainDestination(),
                flow.action(),
                flow.flowDirection(),
                flow.tcpFlags(),
                flow.packets(),
                flow.bytes(),
                flow.start(),
                flow.end(),
                flow.annotations(),
                flow.absent(),
                new RecordRef("file:/hour.log", line));
    }
}
