package io.flowsentinel.parse;

import java.util.function.BiFunction;

/**
 * Finds again what was made from the same fields of an earlier line, by their bytes, so that what repeats is made once
 * and shared.
 *
 * <p>Bounded: a table of two places for each hash; a third value pushes out the one not asked for longest. One thread.
 *
 * @param <T> what is made from the fields; depends on nothing else
 */
final class TokenCache<T> {

    /** Longer values are made anew each time: a few huge tags must not fill the memory. */
    private static final int MAX_KEY_BYTES = 1024;

    private static final byte SEPARATOR = ' ';

    private record Entry<T>(long hash, long signature, Key key, T value) {}

    /** The bytes of the fields, each followed by the separator, which no field contains. */
    private static final class Key {
        private final byte[] bytes;

        Key(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private final Entry<T>[] entries;
    private final BiFunction<Tokens, FlowLogFormat, T> maker;

    /**
     * @param places a power of two
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
        long hash = hash(tokens, group);
        int place = (int) (hash >>> 32) & entries.length - 1;
        Entry<T> first = entries[place];
        if (holds(first, hash, tokens, group)) {
            return first.value;
        }
        Entry<T> second = entries[place ^ 1];
        if (holds(second, hash, tokens, group)) {
            return second.value;
        }
        return make(hash, place, tokens, format, group);
    }

    private T make(long hash, int place, Tokens tokens, FlowLogFormat format, ColumnGroup group) {
        T value = maker.apply(tokens, format);
        int length = keyLength(tokens, group);
        if (value != null && length <= MAX_KEY_BYTES) {
            entries[place ^ 1] = entries[place];
            entries[place] = new Entry<>(hash, group.signature(), key(tokens, group, length), value);
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

    private static int keyLength(Tokens tokens, ColumnGroup group) {
        int length = 0;
        for (int i = 0; i < group.size(); i++) {
            length += tokens.end(group.column(i)) - tokens.start(group.column(i)) + 1;
        }
        return length;
    }

    private static Key key(Tokens tokens, ColumnGroup group, int length) {
        byte[] bytes = new byte[length];
        int at = 0;
        for (int i = 0; i < group.size(); i++) {
            int start = tokens.start(group.column(i));
            int size = tokens.end(group.column(i)) - start;
            System.arraycopy(tokens.buffer(), start, bytes, at, size);
            at += size;
            bytes[at++] = SEPARATOR;
        }
        return new Key(bytes);
    }

    private boolean holds(Entry<T> entry, long hash, Tokens tokens, ColumnGroup group) {
        if (entry == null || entry.hash != hash || entry.signature != group.signature()) {
            return false;
        }
        byte[] key = entry.key.bytes;
        int at = 0;
        for (int i = 0; i < group.size(); i++) {
            int start = tokens.start(group.column(i));
            int size = tokens.end(group.column(i)) - start;
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
