package io.flowsentinel.detect;

import it.unimi.dsi.fastutil.ints.Int2LongOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a {@link Backlog} has of one family, by the hash of the subject: subjects of one hash weigh together, rest together
 * and are roused together.
 */
final class BacklogCounts {

    /** What all that is in it weighs together; nothing where it weighs nothing. */
    private final Int2LongOpenHashMap weights;

    /** How many subjects are judged by themselves; nothing of these hashes is in the backlog. */
    private final Int2LongOpenHashMap roused;

    /** When parts of it are let go of, in epoch seconds. */
    private final Set<Long> moments;

    BacklogCounts() {
        this(new Int2LongOpenHashMap(), new Int2LongOpenHashMap(), new TreeSet<>());
    }

    private BacklogCounts(Int2LongOpenHashMap weights, Int2LongOpenHashMap roused, Set<Long> moments) {
        this.weights = weights;
        this.roused = roused;
        this.moments = moments;
    }

    /** Whether subjects of a hash are judged by themselves. */
    boolean isRoused(int hash) {
        return !roused.isEmpty() && roused.containsKey(hash);
    }

    /** Whether any are. */
    boolean hasRoused() {
        return !roused.isEmpty();
    }

    /** From here on its subjects are judged by themselves. */
    void rouse(int hash) {
        weights.remove(hash);
        roused.put(hash, 0);
    }

    /** One more subject of a hash is judged by itself. */
    void begin(int hash) {
        roused.addTo(hash, 1);
    }

    /** One subject of a hash less is judged by itself. */
    void end(int hash) {
        long before = roused.addTo(hash, -1);
        if (before < 1) {
            throw new IllegalStateException("No subject of the hash " + hash + " is known to be judged by itself");
        }
        if (before == 1) {
            roused.remove(hash);
        }
    }

    /** Puts some in; what there is then. */
    long add(int hash, long weight) {
        long sum = Agenda.plus(weights.get(hash), weight);
        if (weight != 0) {
            weights.put(hash, sum);
        }
        return sum;
    }

    /** Takes out what was put in. */
    void subtract(int hash, long weight) {
        if (weight != 0 && weights.addTo(hash, -weight) == weight) {
            weights.remove(hash);
        }
    }

    /** What there is of a hash. */
    long weight(int hash) {
        return weights.get(hash);
    }

    /** When parts of it are let go of, in epoch seconds, in order; a change of it is a change of these. */
    Set<Long> moments() {
        return moments;
    }

    /** The hashes of which something is in it that weighs. */
    IntSet weighing() {
        return weights.keySet();
    }

    /** The hashes of subjects that are judged by themselves. */
    IntSet roused() {
        return roused.keySet();
    }

    /** How many subjects of a hash are judged by themselves. */
    long subjects(int hash) {
        return roused.get(hash);
    }

    /** Whether there is nothing to know. */
    boolean isEmpty() {
        return moments.isEmpty() && roused.isEmpty();
    }

    BacklogCounts copy() {
        return new BacklogCounts(weights.clone(), roused.clone(), new TreeSet<>(moments));
    }
}
