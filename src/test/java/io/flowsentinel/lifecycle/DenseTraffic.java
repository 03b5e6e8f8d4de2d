package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.RecordRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Records of a few tuples and interfaces, dense enough for every rule to meet every other, and what the interfaces lost.
 *
 * @param flows in no particular order
 */
record DenseTraffic(List<FlowRecord> flows, List<CoverageRecord> lost) {

    private static final int[] FLAGS = {-1, 0, 0, 0, 1, 2, 2, 3, 4, 5, 18, 19, 22};
    private static final int[] LENGTHS = {0, 5, 30, 60, 60, 90, 120};
    private static final int[] LONG_TOO = {0, 0, 60, 120, 121, 200, 300, 599, 660};
    private static final int INTERFACES = 3;
    private static final RecordRef SOMEWHERE = new RecordRef("file:/lost.log", 1);

    /** Records of at most W + 60 s. */
    static DenseTraffic of(Random random) {
        return of(random, LENGTHS);
    }

    /** Some records are longer than W says. */
    static DenseTraffic withLongRecords(Random random) {
        return of(random, LONG_TOO);
    }

    private static DenseTraffic of(Random random, int[] lengths) {
        List<FlowRecord> flows = new ArrayList<>();
        int count = 5 + random.nextInt(60);
        for (int line = 1; line <= count; line++) {
            flows.add(anything(random, lengths).line(line).record());
        }
        List<CoverageRecord> lost = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            long from = Flow.NOON + start(random);
            lost.add(new CoverageRecord(
                    Flow.observer("eni-" + random.nextInt(INTERFACES)),
                    CoverageRecord.Status.SKIPDATA,
                    from,
                    from + random.nextInt(60),
                    SOMEWHERE));
        }
        return new DenseTraffic(flows, lost);
    }

    private static long start(Random random) {
        return random.nextInt(60) * 30L + random.nextInt(3) + (random.nextInt(4) == 0 ? 4_000 : 0);
    }

    private static Flow anything(Random random, int[] lengths) {
        var client = Flow.endpoint("10.0.0." + (1 + random.nextInt(2)), 40001);
        Flow flow = random.nextBoolean() ? Flow.flow(client, Flow.SERVER) : Flow.flow(Flow.SERVER, client);
        long start = start(random);
        flow.during(start, start + lengths[random.nextInt(lengths.length)])
                .flags(FLAGS[random.nextInt(FLAGS.length)])
                .on("eni-" + random.nextInt(INTERFACES))
                .packets(1 + random.nextInt(4))
                .bytes(60L * random.nextInt(8));
        if (random.nextInt(6) == 0) {
            flow.rejected().annotated(new Annotations(Annotations.NO_PATH, "BPA", null, null));
        }
        if (random.nextInt(6) == 0) {
            flow.packets(0).without(random.nextBoolean() ? FlowRecord.NO_PACKETS : 0);
        }
        if (random.nextInt(6) == 0) {
            flow.plain("10.0.0." + (1 + random.nextInt(2)), "10.9.9.9");
        }
        switch (random.nextInt(3)) {
            case 0 -> flow.ingress();
            case 1 -> flow.egress();
            default -> flow.degraded();
        }
        return random.nextInt(8) == 0 ? flow.protocol(random.nextBoolean() ? FlowRecord.UDP : 47) : flow;
    }
}
