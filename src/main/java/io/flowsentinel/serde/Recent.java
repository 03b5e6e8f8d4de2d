package io.flowsentinel.serde;

import io.flowsentinel.model.IpAddress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Instances of small things that come again and again, so that most of them are in memory once and equal at first sight. What falls on a taken
 * place displaces what is there. Shared by all threads without a lock: they are immutable, and at worst one of two is lost.
 */
public final class Recent {

    private static final int ADDRESS_BITS = 16;
    private static final int TEXT_BITS = 13;
    private static final int GOLDEN_RATIO = 0x9E3779B1;
    private static final long GOLDEN_RATIO_64 = 0x9E3779B97F4A7C15L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final IpAddress[] ADDRESSES = new IpAddress[1 << ADDRESS_BITS];
    private static final Text[] TEXTS = new Text[1 << TEXT_BITS];

    private Recent() {}

    /** The IPv4 address of these bits. */
    static IpAddress ipv4(int bits) {
        int place = bits * GOLDEN_RATIO >>> Integer.SIZE - ADDRESS_BITS;
        IpAddress known = ADDRESSES[place];
        if (known != null && (int) known.low() == bits) {
            return known;
        }
        IpAddress address = IpAddress.ipv4(bits);
        ADDRESSES[place] = address;
        return address;
    }

    /** A text in UTF-8, without making it anew. */
    static String text(byte[] utf8, int length) {
        int place = hash(utf8, length) >>> Integer.SIZE - TEXT_BITS;
        Text known = TEXTS[place];
        if (known != null && Arrays.equals(known.utf8, 0, known.utf8.length, utf8, 0, length)) {
            return known.text;
        }
        byte[] own = Arrays.copyOf(utf8, length);
        Text text = new Text(own, new String(own, StandardCharsets.UTF_8));
        TEXTS[place] = text;
        return text.text;
    }

    /** Of names that differ at their end, as objects' do, and in the middle: by eight bytes from behind. */
    private static int hash(byte[] utf8, int length) {
        long hash = length;
        int at = length;
        while (at >= Long.BYTES) {
            at -= Long.BYTES;
            hash = (hash ^ (long) LONGS.get(utf8, at)) * GOLDEN_RATIO_64;
            hash ^= hash >>> 32;
        }
        while (at > 0) {
            at--;
            hash = (hash ^ utf8[at]) * GOLDEN_RATIO_64;
        }
        return (int) (hash >>> 32);
    }

    private static final class Text {

        private final byte[] utf8;
        private final String text;

        Text(byte[] utf8, String text) {
            this.utf8 = utf8;
            this.text = text;
        }
    }
}
