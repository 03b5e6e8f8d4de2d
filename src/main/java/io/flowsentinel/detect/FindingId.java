package io.flowsentinel.detect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names an episode the same in every replay: the first 16 bytes of SHA-256, lower-case hex, over rule id, 0x00, major
 * version in decimal, 0x00, scope (nothing where there is none), 0x00, entity text, 0x00, all UTF-8, and the start of
 * the first pane in epoch seconds (8 bytes, big-endian).
 */
final class FindingId {

    private static final int BYTES = 16;

    private FindingId() {}

    static String of(String ruleId, int version, String scope, String entity, long firstPane) {
        String text = ruleId + '\0' + version + '\0' + (scope == null ? "" : scope) + '\0' + entity + '\0';
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(text.getBytes(StandardCharsets.UTF_8));
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, firstPane));
            return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
