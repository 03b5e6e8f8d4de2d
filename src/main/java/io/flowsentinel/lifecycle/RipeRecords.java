package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;

/**
 * The records of one bucket that may be folded, by key. They are found by the bytes of their keys and unpacked only when
 * their key is worked on. For one thread; used again for every bucket.
 *
 * <p>Keys are numbered in the order in which they are met, and found in a table of numbers with open places.
 */
final class RipeRecords {

    /** No key with records. */
    static final int NONE = -1;

    private static final int FEW = 64;

    /** What a rare burst needs is not kept: a table is cleared with every bucket, and lists hold memory. */
    private static final int MANY = 1 << 13;

    private final DataInputDeserializer in = new DataInputDeserializer();
    private final PackedWriter rest = new PackedWriter(4096);
    private final List<FlowRecord> all = new ArrayList<>();

    // By record: where it is, and the next one of its key, NONE behind the last.
    private FlowBlock[] blocks = new FlowBlock[FEW];
    private int[] positions = new int[FEW];
    private int[] nextOfKey = new int[FEW];
    private int records;

    // By key: its first and its last record, where its bytes are in the first one's block, and whether it was found.
    private int[] first = new int[FEW];
    private int[] last = new int[FEW];
    private int[] keyPositions = new int[FEW];
    private int[] hashes = new int[FEW];
    private boolean[] found = new boolean[FEW];
    private int keys;

    /** One more than the number of a key, 0 where the place is open. At least half of them are. */
    private int[] table = new int[FEW * 2];

    /** Forgets everything. */
    void clear() {
        if (blocks.length > MANY) {
            blocks = new FlowBlock[FEW];
            positions = new int[FEW];
            nextOfKey = new int[FEW];
        } else {
            Arrays.fill(blocks, 0, records, null);
        }
        if (table.length > MANY) {
            table = new int[FEW * 2];
            first = new int[FEW];
            last = new int[FEW];
            keyPositions = new int[FEW];
            hashes = new int[FEW];
            found = new boolean[FEW];
        } else {
            Arrays.fill(table, 0);
        }
        records = 0;
        keys = 0;
    }

    /**
     * Takes what may be folded out of a block.
     *
     * @param now epoch seconds of event time
     * @return the block without it, the same where there is nothing to take; null where nothing is left
     */
    FlowBlock take(FlowBlock block, FoldTime foldTime, long now) throws IOException {
        if (foldTime.settled(block.earliest()) > now) {
            return block;
        }
        int before = records;
        UnripeRecords unripe = new UnripeRecords(block, rest);
        byte[] bytes = block.records();
        in.setBuffer(bytes);
        while (in.available() > 0) {
            int length = (int) Wire.readVarLong(in);
            int position = in.getPosition();
            int observer = (int) Wire.readVarLong(in);
            int object = (int) Wire.readVarLong(in);
            int from = in.getPosition();
            int to = position + length;
            long start = RecordFormat.readStart(in);
            if (foldTime.of(start, start + Wire.readVarLong(in)) <= now) {
                RecordFormat.readParts(in);
                add(block, position, in.getPosition(), block.observers()[observer].scope());
            } else {
                unripe.add(observer, object, from, to, start);
            }
            in.setBuffer(bytes, to, bytes.length - to);
        }
        return records == before ? block : unripe.block();
    }

    private void add(FlowBlock block, int position, int keyPosition, String scope) {
        int record = records++;
        if (record == blocks.length) {
            blocks = Arrays.copyOf(blocks, record * 2);
            positions = Arrays.copyOf(positions, record * 2);
            nextOfKey = Arrays.copyOf(nextOfKey, record * 2);
        }
        blocks[record] = block;
        positions[record] = position;
        nextOfKey[record] = NONE;
        byte[] bytes = block.records();
        int length = KeyFormat.length(bytes, keyPosition);
        int hash = KeyFormat.hash(bytes, keyPosition, length);
        int place = place(hash, bytes, keyPosition, length, scope);
        if (table[place] == 0) {
            addKey(record, keyPosition, hash, place);
        } else {
            int key = table[place] - 1;
            nextOfKey[last[key]] = record;
            last[key] = record;
        }
    }

    private void addKey(int record, int keyPosition, int hash, int place) {
        int key = keys++;
        if (key == first.length) {
            first = Arrays.copyOf(first, key * 2);
            last = Arrays.copyOf(last, key * 2);
            keyPositions = Arrays.copyOf(keyPositions, key * 2);
            hashes = Arrays.copyOf(hashes, key * 2);
            found = Arrays.copyOf(found, key * 2);
        }
        first[key] = record;
        last[key] = record;
        keyPositions[key] = keyPosition;
        hashes[key] = hash;
        found[key] = false;
        table[place] = key + 1;
        if (keys * 2 > table.length) {
            enlargeTable();
        }
    }

    private void enlargeTable() {
        table = new int[table.length * 2];
        for (int key = 0; key < keys; key++) {
            int place = home(hashes[key]);
            while (table[place] != 0) {
                place = place + 1 & table.length - 1;
            }
            table[place] = key + 1;
        }
    }

    /** Where a key is in the table, or where it has to be put. */
    private int place(int hash, byte[] bytes, int from, int length, String scope) {
        int place = home(hash);
        while (table[place] != 0 && !is(table[place] - 1, hash, bytes, from, length, scope)) {
            place = place + 1 & table.length - 1;
        }
        return place;
    }

    /** By the upper bits: many keys of a bucket are of two addresses, and differ in one port. */
    private int home(int hash) {
        return hash >>> Integer.numberOfLeadingZeros(table.length - 1);
    }

    private boolean is(int key, int hash, byte[] bytes, int from, int length, String scope) {
        if (hashes[key] != hash) {
            return false;
        }
        byte[] known = blocks[first[key]].records();
        int at = keyPositions[key];
        return Arrays.equals(known, at, at + KeyFormat.length(known, at), bytes, from, from + length)
                && scope(key).equals(scope);
    }

    private String scope(int key) {
        FlowBlock block = blocks[first[key]];
        in.setBuffer(block.records(), positions[first[key]], keyPositions[key] - positions[first[key]]);
        try {
            return block.observers()[(int) Wire.readVarLong(in)].scope();
        } catch (IOException e) {
            throw new IllegalStateException("A record that was read cannot be read again", e);
        }
    }

    boolean isEmpty() {
        return records == 0;
    }

    /** How many keys there are. */
    int keys() {
        return keys;
    }

    /** The number of the key with these bytes, which is found herewith; {@link #NONE} where there is none. */
    int find(byte[] bytes, int from, int length, String scope) {
        int key = table[place(KeyFormat.hash(bytes, from, length), bytes, from, length, scope)] - 1;
        if (key != NONE) {
            found[key] = true;
        }
        return key;
    }

    /** Whether {@link #find} has found the key. */
    boolean wasFound(int key) {
        return found[key];
    }

    ConnectionKey key(int key) throws IOException {
        byte[] bytes = blocks[first[key]].records();
        String scope = scope(key);
        in.setBuffer(bytes, keyPositions[key], KeyFormat.length(bytes, keyPositions[key]));
        return KeyFormat.read(scope, in);
    }

    /** The records of a key in no order, in a list that may be changed; it is the same one for all keys. */
    List<FlowRecord> of(int number, ConnectionKey key) throws IOException {
        all.clear();
        for (int record = first[number]; record != NONE; record = nextOfKey[record]) {
            FlowBlock block = blocks[record];
            byte[] bytes = block.records();
            in.setBuffer(bytes, positions[record], bytes.length - positions[record]);
            int observer = (int) Wire.readVarLong(in);
            int object = (int) Wire.readVarLong(in);
            all.add(RecordFormat.read(key, block.observers()[observer], block.objects()[object], in));
        }
        return all;
    }
}
