package io.flowsentinel.sample;

import java.util.Collections;
import java.util.List;
import java.util.Random;

/** All chance in the sample: numbers that depend on the seed and nothing else. */
public final class Dice {

    private static final int FIRST_BENCHMARK_ADDRESS = 198 << 24 | 18 << 16;

    private final long seed;
    private final Random random;

    public Dice(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** Dice of their own for one purpose, so that a change of one script leaves the others' traffic alone. */
    public Dice fork(String purpose) {
        return new Dice(seed * 31 + purpose.hashCode());
    }

    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** A whole number, both bounds included. */
    public int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    public <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** How many arrivals a minute sees when {@code mean} are usual: half to one and a half times as many. */
    public int arrivals(double mean) {
        double wanted = mean * (0.5 + random.nextDouble());
        int whole = (int) wanted;
        return whole + (chance(wanted - whole) ? 1 : 0);
    }

    /** Bytes of a message: mostly a quarter to four times the usual, seldom twenty times more. */
    public long size(long usual) {
        long bytes = usual * between(25, 400) / 100;
        return chance(0.03) ? bytes * 20 : bytes;
    }

    /** Somebody on the internet: 198.18.0.0/15, reserved by RFC 2544. */
    public String stranger() {
        int bits = FIRST_BENCHMARK_ADDRESS + between(0x100, 0x1feff);
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }

    /** Somebody on the IPv6 internet: 2001:db8:f000::/36, reserved by RFC 3849. */
    public String stranger6() {
        return "2001:db8:f" + String.format("%03x", between(0, 0xfff)) + "::" + Integer.toHexString(between(1, 0xfffe));
    }

    /** A port a stranger's system picks for its own end. */
    public int strangersPort() {
        return between(1024, 65535);
    }

    public void shuffle(List<?> list) {
        Collections.shuffle(list, random);
    }
}
