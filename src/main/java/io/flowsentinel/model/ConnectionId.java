package io.flowsentinel.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names a connection by what it is, so that a replay names it alike: the first 16 bytes of SHA-256 over scope, 0,
 * protocol, both endpoints in key order, start and split. Made when it is first asked for: most connections are never
 * named. Ids are equal where their texts are.
 */
public final class ConnectionId {

    private static final int BYTES = 16;
    private static final HexFormat HEX = HexFormat.of();

    /** 0, protocol, two endpoints with addresses of 16 bytes, start and split. */
    private static final int LONGEST_AFTER_SCOPE = 2 + 2 * (16 + Short.BYTES) + Long.BYTES + Integer.BYTES;

    /** Looking the algorithm up costs as much as using it. */
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(ConnectionId::sha256);

    private final ConnectionKey key;
    private final long start;
    private final int split;

    /** Null until it is asked for. Two threads may both make it; they make the same. */
    private String text;

    private ConnectionId(ConnectionKey key, long start, int split, String text) {
        this.key = key;
        this.start = start;
        this.split = split;
        this.text = text;
    }

    /**
     * The id of a connection.
     *
     * @param start epoch seconds of the first record's start
     * @param split how many connections of the key had begun with that start before
     */
    public static ConnectionId of(ConnectionKey key, long start, int split) {
        return new ConnectionId(key, start, split, null);
    }

    /** The id with this text. */
    public static ConnectionId of(String text) {
        return new ConnectionId(null, 0, 0, text);
    }

    /** Of whose connection it is made, with {@link #start} and {@link #split}; null where only its text is known. */
    public ConnectionKey key() {
        return key;
    }

    /** Epoch seconds of the first record's start. */
    public long start() {
        return start;
    }

    /** How many connections of the key had begun with that start before. */
    public int split() {
        return split;
    }

    /** 32 hexadecimal digits. */
    public String text() {
        if (text == null) {
            text = digest();
        }
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConnectionId that && text().equals(that.text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return text();
    }

    private String digest() {
        byte[] scope = key.scope().getBytes(StandardCharsets.UTF_8);
        ByteBuffer named = ByteBuffer.allocate(scope.length + LONGEST_AFTER_SCOPE);
        named.put(scope).put((byte) 0).put((byte) key.protocol());
        put(key.lower(), named);
        put(key.higher(), named);
        named.putLong(start).putInt(split);
        MessageDigest digest = SHA_256.get();
        digest.update(named.array(), 0, named.position());
        return HEX.formatHex(digest.digest(), 0, BYTES);
    }

    private static void put(Endpoint endpoint, ByteBuffer named) {
        IpAddress address = endpoint.address();
        if (address.ipv6()) {
            named.putLong(address.high()).putLong(address.low());
        } else {
            named.putInt((int) address.low());
        }
        named.putShort((short) endpoint.port());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
