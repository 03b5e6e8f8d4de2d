package io.flowsentinel.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * What somebody meant who wrote a key, or a name, that there is not: the one with the least Levenshtein distance for its length.
 *
 * <p>Written out because the libraries that measure it are on the class path only by way of others.
 */
public final class NearestKey {

    private NearestKey() {}

    /** Empty where none is near: more than half of the longer one would have to be written anew. */
    public static Optional<String> to(String written, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingDouble((String key) -> difference(written, key))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(key -> difference(written, key) <= 0.5);
    }

    /** The distance as a part of the longer text. */
    private static double difference(String one, String other) {
        return (double) distance(one, other) / Math.max(one.length(), other.length());
    }

    /** How many letters have to be put in, taken out or replaced to turn one text into the other. */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int line = 1; line <= one.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column < row.length; column++) {
                int replaced = diagonal + (one.charAt(line - 1) == other.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, Math.min(row[column], row[column - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
