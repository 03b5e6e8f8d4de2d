package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.TcpFlags;

/** When flags prove that a connection is over: RST on either side, or FIN on both. */
final class CloseEvidence {

    private CloseEvidence() {}

    /**
     * Whether the flags of both sides prove the end.
     *
     * @param one masked flags of one side, or {@link Side#NO_RECORD}
     * @param other those of the other side
     */
    static boolean complete(int one, int other) {
        int first = present(one);
        int second = present(other);
        return ((first | second) & TcpFlags.RST) != 0 || (first & second & TcpFlags.FIN) != 0;
    }

    /** Whether one side has sent a FIN and nothing proves the end yet. */
    static boolean half(int one, int other) {
        return ((present(one) | present(other)) & TcpFlags.FIN) != 0 && !complete(one, other);
    }

    private static int present(int flags) {
        return flags == Side.NO_RECORD ? 0 : flags;
    }
}
