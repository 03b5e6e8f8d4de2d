package io.flowsentinel.traffic;

import java.util.List;
import java.util.Random;

/** Everything that is left to chance, decided by a seed. */
final class Luck {

    private final Random random;

    Luck(long seed) {
        random = new Random(seed);
    }

    /** From {@code low} to {@code high}, both included. */
    long between(long low, long high) {
        return low + random.nextInt((int) (high - low + 1));
    }

    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
