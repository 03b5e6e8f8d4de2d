package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names a connection by what it is, so that a replay names it alike: the first 16 bytes of SHA-256 over scope, 0,
 * protocol, both endpoints in key order, start and split.
 */
final class ConnectionId {

    private static final int BYTES = 16;
    private static final HexFormat HEX = HexFormat.of();

    private ConnectionId() {}

    /**
     * @param start epoch seconds of the first record's start
     * @param split how many connections of the key had begun with that start before
     */
    static String of(ConnectionKey key, long start, int split) {
        MessageDigest digest = sha256();
        digest.update(key.scope().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update((byte) key.protocol());
        digest.update(key.lower().address().bytes());
        digest.update(port(key.lower().port()));
        digest.update(key.higher().address().bytes());
        digest.update(port(key.higher().port()));
        digest.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(start)
                .putInt(split)
                .flip());
        return HEX.formatHex(digest.digest(), 0, BYTES);
    }

    private static byte[] port(int port) {
        return ByteBuffer.allocate(Short.BYTES).putShort((short) port).array();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
