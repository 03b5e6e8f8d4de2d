package io.flowsentinel.parse;

import java.io.ByteArrayOutputStream;
import java.util.function.BiFunction;

/**
 * Finds again what was made from the same fields of an earlier line, by their bytes, so that what repeats is made once
 * and shared.
 *
 * <p>Bounded: a table of four places for each hash, the latest first; a fifth value pushes out the oldest. With two, some of
 * a few thousand interfaces push each other out record by record. One thread.
 *
 * @param <T> what is made from the fields; depends on nothing else
 */
final class TokenCache<T> {

    /** Longer values are made anew each time: a few huge tags must not fill the memory. */
    private static final int MAX_KEY_BYTES = 1024;

    private static final byte SEPARATOR = ' ';

    /** Places for each hash, a power of two. */
    private static final int WAYS = 4;

    /**
     * No record, for Error Prone lets none have an array, and with the bytes in an object of their own each look-up would
     * take one more step through memory.
     */
    private static final class Entry<T> {
        private final long hash;
        private final long signature;

        /** The bytes of the fields in the order of the group, each followed by the separator, which none contains. */
        private final byte[] key;

        private final T value;

        Entry(long hash, long signature, byte[] key, T value) {
            this.hash = hash;
            this.signature = signature;
            this.key = key;
            this.value = value;
        }
    }

    private final Entry<T>[] entries;

    /** Where the last value was found: lines of one interface often stand together. Null at first. */
    private Entry<T> last;

    private final BiFunction<Tokens, FlowLogFormat, T> maker;

    /**
     * @param places a power of two from 4
     * @param maker makes the value; null, which is not kept, where the fields do not allow one
     */
    TokenCache(int places, BiFunction<Tokens, FlowLogFormat, T> maker) {
        this.entries = table(places);
        this.maker = maker;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <T> Entry<T>[] table(int places) {
        return (Entry<T>[]) new Entry[places];
    }

    /** The value of these columns of the line; null where the maker makes none. */
    T get(Tokens tokens, FlowLogFormat format, ColumnGroup group) {
        if (last != null && holds(last, tokens, group)) {
            return last.value;
        }
        long hash = hash(tokens, group);
        int place = (int) (hash >>> 32) & entries.length - WAYS;
        for (int way = 0; way < WAYS; way++) {
            Entry<T> entry = entries[place + way];
            if (entry != null && entry.hash == hash && holds(entry, tokens, group)) {
                last = entry;
                return entry.value;
            }
        }
        return make(hash, place, tokens, format, group);
    }

    private T make(long hash, int place, Tokens tokens, FlowLogFormat format, ColumnGroup group) {
        T value = maker.apply(tokens, format);
        byte[] key = key(tokens, group);
        if (value != null && key.length <= MAX_KEY_BYTES) {
            System.arraycopy(entries, place, entries, place + 1, WAYS - 1);
            last = new Entry<>(hash, group.signature(), key, value);
            entries[place] = last;
        }
        return value;
    }

    private static long hash(Tokens tokens, ColumnGroup group) {
        long hash = group.signature();
        for (int i = 0; i < group.size(); i++) {
            int column = group.column(i);
            hash = Words.hash(hash, tokens.buffer(), tokens.start(column), tokens.end(column));
        }
        return hash;
    }

    private static byte[] key(Tokens tokens, ColumnGroup group) {
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        for (int run = 0; run < group.runs(); run++) {
            int start = tokens.start(group.runStart(run));
            key.write(tokens.buffer(), start, tokens.end(group.runEnd(run)) - start);
            key.write(SEPARATOR);
        }
        return key.toByteArray();
    }

    private static <T> boolean holds(Entry<T> entry, Tokens tokens, ColumnGroup group) {
        if (entry.signature != group.signature()) {
            return false;
        }
        byte[] key = entry.key;
        int at = 0;
        for (int run = 0; run < group.runs(); run++) {
            int start = tokens.start(group.runStart(run));
            int size = tokens.end(group.runEnd(run)) - start;
            if (at + size >= key.length
                    || key[at + size] != SEPARATOR
                    || !Words.same(tokens.buffer(), start, key, at, size)) {
                return false;
            }
            at += size + 1;
        }
        return at == key.length;
    }
}
