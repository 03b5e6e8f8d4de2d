package io.flowsentinel.sample;

/**
 * A minute of the sample.
 *
 * @param index from 0
 * @param startMillis epoch milliseconds
 */
public record Minute(int index, long startMillis) {

    public static final long MILLIS = 60_000;

    public long at(long offsetMillis) {
        return startMillis + offsetMillis;
    }

    /** Some instant in this minute. */
    public long sometime(Dice dice) {
        return startMillis + dice.between(0, (int) MILLIS - 1);
    }

    /** Whether this minute is one of those at {@code first}, {@code first + period} and so on. */
    public boolean isEvery(int period, int first) {
        return index % period == first % period;
    }

    public boolean isIn(int first, int last) {
        return index >= first && index <= last;
    }
}
