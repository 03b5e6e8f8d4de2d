package io.flowsentinel.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.model.TcpFlags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** What is packed comes out as it went in, whatever else is packed with it, and nothing is packed for ever. */
class PackedPassTest {

    private static final long NOW = Flow.NOON;

    private final Random random = new Random();
    private final PackedPass pass = new PackedPass();
    private final RipeRecords ripe = new RipeRecords();

    /** What {@link #ripe} was made of, by key. */
    private final Map<ConnectionKey, List<FlowRecord>> news = new HashMap<>();

    @Property
    void everyKeyComesBackWithWhatWasRememberedOfIt(@ForAll @LongRange(min = 0) long seed) throws Exception {
        random.setSeed(seed);
        Map<String, String> expected = new TreeMap<>();
        PackedKeys keys = PackedKeys.NONE;
        for (int round = 0; round < 4; round++) {
            PackedPass.Outcome outcome = pass.run(keys, newsOfSome(), NOW, (key, memory, flows) -> {
                assertThat(flows).isEqualTo(news.getOrDefault(key, List.of()));
                assertThat(described(memory))
                        .isEqualTo(expected.getOrDefault(key.toString(), described(new KeyMemory())));
                KeyMemory changed = anything();
                become(memory, changed);
                expected.put(key.toString(), described(memory));
                return NOW + random.nextInt(3) - 1;
            });
            keys = throughACheckpoint(outcome.keys());
        }

        assertThat(unpacked(keys)).isEqualTo(expected);
    }

    @Property
    void namesThatNothingRefersToAreForgotten(@ForAll @LongRange(min = 0) long seed) throws Exception {
        random.setSeed(seed);
        PackedKeys keys = PackedKeys.NONE;
        for (int round = 0; round < 6; round++) {
            keys = pass.run(keys, newsOfSome(), NOW, (key, memory, flows) -> {
                        become(memory, random.nextInt(4) == 0 ? new KeyMemory() : anything());
                        return NOW;
                    })
                    .keys();
        }
        PackedPass.Outcome last = pass.run(keys, none(), Long.MAX_VALUE, (key, memory, flows) -> {
            become(memory, new KeyMemory());
            return NOW;
        });

        assertThat(last.keys().isEmpty()).isTrue();
        assertThat(last.due()).isEqualTo(KeyMemory.NOT_DUE);
        assertThat(last.keys().names().observers().size()).isZero();
        assertThat(last.keys().names().texts().size()).isZero();
    }

    @Property
    void keysThatAreNotDueAreNotLookedAt(@ForAll @LongRange(min = 0) long seed) throws Exception {
        random.setSeed(seed);
        PackedPass.Outcome first = pass.run(PackedKeys.NONE, newsOfSome(), NOW, (key, memory, flows) -> {
            become(memory, anything());
            return NOW + 1;
        });

        PackedPass.Outcome second = pass.run(first.keys(), none(), NOW, (key, memory, flows) -> {
            throw new AssertionError(key + " is not due");
        });

        assertThat(second.due()).isEqualTo(first.due());
        assertThat(second.keys().entries()).isEqualTo(first.keys().entries());
    }

    private static void become(KeyMemory memory, KeyMemory other) {
        memory.current = other.current;
        memory.ended.clear();
        memory.ended.addAll(other.ended);
        memory.last = other.last;
    }

    private Map<String, String> unpacked(PackedKeys keys) throws Exception {
        Map<String, String> all = new TreeMap<>();
        pass.run(keys, none(), Long.MAX_VALUE, (key, memory, flows) -> {
            all.put(key.toString(), described(memory));
            return NOW;
        });
        return all;
    }

    private static PackedKeys throughACheckpoint(PackedKeys keys) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        new PackedKeysSerializer().serialize(keys, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        PackedKeys read = new PackedKeysSerializer().deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }

    private RipeRecords none() {
        ripe.clear();
        return ripe;
    }

    private RipeRecords newsOfSome() throws IOException {
        ripe.clear();
        news.clear();
        FlowBlockBuilder block = new FlowBlockBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            ConnectionKey key = key();
            FlowRecord flow = record(key, i);
            news.computeIfAbsent(key, any -> new ArrayList<>()).add(flow);
            Blocks.add(flow, block);
            if (random.nextInt(4) == 0) {
                ripe.take(block.build(1), new FoldTime(120), Long.MAX_VALUE);
            }
        }
        if (!block.isEmpty()) {
            ripe.take(block.build(1), new FoldTime(120), Long.MAX_VALUE);
        }
        return ripe;
    }

    private ConnectionKey key() {
        Endpoint one = new Endpoint(address(), random.nextInt(3) * 32_767);
        Endpoint other = new Endpoint(address(), random.nextInt(3) * 32_767);
        return ConnectionKey.between(scope(), random.nextBoolean() ? FlowRecord.TCP : 255, one, other);
    }

    private IpAddress address() {
        return random.nextBoolean() ? IpAddress.ipv4(-random.nextInt(2)) : IpAddress.ipv6(-1L, random.nextInt(2));
    }

    private String scope() {
        return "vpc-" + random.nextInt(40);
    }

    private KeyMemory anything() {
        KeyMemory memory = new KeyMemory();
        memory.current = random.nextBoolean() ? tracked() : null;
        memory.last = random.nextInt(3) == 0 || memory.current == null ? tombstone() : null;
        for (int i = random.nextInt(3); i > 0; i--) {
            memory.ended.add(new Ended(tracked(), any(EndReason.values()), time()));
        }
        return memory;
    }

    private Tracked tracked() {
        Tracked tracked = new Tracked(time(), random.nextInt(2), random.nextInt(4) == 0 ? tombstone() : null);
        tracked.marks = random.nextInt(32);
        tracked.records = 1 + random.nextInt(1_000);
        tracked.updates = random.nextInt(2);
        tracked.synRecordsLower = random.nextInt(2);
        tracked.synRecordsHigher = random.nextInt(300);
        tracked.earliest = tracked.start - random.nextInt(2);
        tracked.end = tracked.start + random.nextInt(100_000);
        tracked.openEnd = orNever(tracked.start + random.nextInt(500));
        tracked.closedByAccepted = orNever(tracked.start + random.nextInt(500));
        tracked.closedByRejected = orNever(tracked.start + random.nextInt(500));
        tracked.observed = new Observed[1 + random.nextInt(3)];
        for (int i = 0; i < tracked.observed.length; i++) {
            tracked.observed[i] = observed(tracked);
        }
        tracked.evidence = new RecordRef[] {ref(1), ref(2)};
        if (random.nextInt(3) == 0) {
            tracked.lowerIntermediates = new IpAddress[] {address(), address()};
            tracked.higherIntermediates = new IpAddress[] {address()};
        }
        tracked.rejectReason = random.nextInt(3) == 0 ? "BPA" : null;
        tracked.lowerService = random.nextInt(3) == 0 ? "S3" : null;
        tracked.higherService = random.nextInt(3) == 0 ? "EC2" : null;
        return tracked;
    }

    private Observed observed(Tracked tracked) {
        Observed one = new Observed(observer());
        one.bits = random.nextInt(1 << 10);
        one.flags = TcpFlags.mask(random.nextInt(32));
        one.records = 1 + random.nextInt(200);
        one.trafficPath = random.nextInt(3) - 1;
        one.packets = random.nextLong() >>> 1 + random.nextInt(60);
        one.bytes = random.nextLong() >>> 1 + random.nextInt(60);
        one.start = tracked.start + random.nextInt(600) - 300;
        one.end = tracked.end - random.nextInt(3) * 60L;
        one.synEnd = orNever(one.end - random.nextInt(100));
        return one;
    }

    private long orNever(long time) {
        return random.nextBoolean() ? time : Observed.NEVER;
    }

    private Tombstone tombstone() {
        Tracked connection = new Tracked(time(), random.nextInt(3), null);
        connection.end = connection.start + random.nextInt(90_000);
        return Tombstone.of(connection, new Roles(random.nextBoolean(), any(DirectionEvidence.values())));
    }

    private FlowRecord record(ConnectionKey key, long line) {
        boolean fromLower = random.nextBoolean();
        Endpoint source = fromLower ? key.lower() : key.higher();
        Endpoint destination = fromLower ? key.higher() : key.lower();
        long start = time();
        Observer observer = observer();
        return new FlowRecord(
                new Observer(key.scope(), observer.interfaceId(), null, null, null, null, null, null, null, null),
                key.protocol(),
                source,
                destination,
                plain(source),
                plain(destination),
                any(Action.values()),
                any(FlowDirection.values()),
                random.nextInt(257) - 1,
                random.nextInt(1_000),
                random.nextLong() >>> 1,
                start,
                start + random.nextInt(600),
                random.nextBoolean() ? Annotations.NONE : new Annotations(random.nextInt(9) - 1, "EC", null, "S3"),
                random.nextInt(16),
                ref(line));
    }

    private IpAddress plain(Endpoint packet) {
        return switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> packet.address();
            default -> address();
        };
    }

    private Observer observer() {
        String id = String.valueOf(random.nextInt(50));
        return new Observer(
                scope(), "eni-" + id, "12345678901" + id, null, null, "vpc-" + id, null, "i-" + id, null, "web");
    }

    private RecordRef ref(long line) {
        return new RecordRef("s3://l\u00f6gs/AWSLogs/" + random.nextInt(60) + "/\u20ac.log.gz", line);
    }

    private long time() {
        return NOW + random.nextInt(200_000) - 100_000;
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static String described(KeyMemory memory) {
        StringBuilder text = new StringBuilder();
        text.append(memory.last).append('\n');
        if (memory.current != null) {
            text.append(described(memory.current));
        }
        for (Ended one : memory.ended) {
            text.append(one.reason()).append(one.finalAt()).append(described(one.connection()));
        }
        return text.toString();
    }

    private static String described(Tracked one) {
        StringBuilder text = new StringBuilder();
        text.append(List.of(one.start, one.split, one.marks, one.records, one.updates, one.synRecordsLower))
                .append(List.of(one.synRecordsHigher, one.earliest, one.end, one.openEnd))
                .append(List.of(one.closedByAccepted, one.closedByRejected))
                .append(one.continues)
                .append(List.of(one.evidence))
                .append(List.of(one.lowerIntermediates))
                .append(List.of(one.higherIntermediates))
                .append(one.rejectReason)
                .append(one.lowerService)
                .append(one.higherService);
        for (Observed seen : one.observed) {
            text.append(seen.observer)
                    .append(List.of(seen.bits, seen.flags, seen.records, seen.trafficPath))
                    .append(List.of(seen.packets, seen.bytes, seen.start, seen.end, seen.synEnd));
        }
        return text.toString();
    }
}
