package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.rule.Catalogue;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import it.unimi.dsi.fastutil.ints.IntSets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.apache.flink.runtime.state.internal.InternalListState;
import org.apache.flink.runtime.state.internal.InternalValueState;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * What is counted of subjects that rest, in the blocks in which it came: no rule can speak of them yet, and nearly all are
 * forgotten before one can. State for each of them, a look at it for each thing that counts and one to forget it would cost
 * more than all else of the job.
 *
 * <p>A block lies where it is put until the first of its panes is judged. Then it is weighed: a number for each subject says
 * how much there is, and where that is enough for any rule all there is of the subject is taken out, to be judged by itself
 * from then on. What is left lies until no window reaches its pane. Nobody is judged in between, so it makes no
 * difference whether something is weighed when it comes or when its pane is judged.
 *
 * <p>Of the bucket at hand, by family. Moments are epoch seconds of event time.
 */
final class Backlog {

    /**
     * Of a subject with more than this there is so much that it is added up, as is all that has state of its own: nearly all
     * have a few.
     */
    private static final long MUCH = 256;

    /** Bits of a family's code, in the name of a place: part of every savepoint. */
    private static final int FAMILY_BITS = 8;

    /** What blocks wait for, as the last bit of where they lie. */
    private static final int TO_BE_WEIGHED = 0;

    private static final int TO_BE_LET_GO = 1;

    private final InternalListState<Integer, Long, PartialBlock> blocks;
    private final InternalValueState<Integer, Integer, BacklogCounts> counts;
    private final LongConsumer wake;

    /** By family's code, of the bucket at hand: taken out of {@link #counts} until {@link #putAway}; null of the others. */
    private final InHand[] inHand = new InHand[Catalogue.MOST_CODE + 1];

    /** The families of which there is one. */
    private final List<Family> familiesInHand = new ArrayList<>();

    /**
     * A backlog.
     *
     * @param blocks by moment, family and what they wait for
     * @param counts by family
     * @param wake hears at which moments there will be something to do
     */
    Backlog(
            InternalListState<Integer, Long, PartialBlock> blocks,
            InternalValueState<Integer, Integer, BacklogCounts> counts,
            LongConsumer wake) {
        this.blocks = blocks;
        this.counts = counts;
        this.wake = wake;
    }

    /**
     * Puts in what was counted.
     *
     * @param block of a family whose subjects rest
     * @param watch of the family
     * @param now the event time reached
     * @return what comes too late to rest, in the first pane that is open, and all else that is known of its subjects
     */
    List<Partial> put(PartialBlock block, Watch watch, long now) {
        Family family = Catalogue.family(block.family());
        long firstOpen = watch.firstOpen(now);
        long first = Long.MAX_VALUE;
        for (PartialCursor entries = block.entries(); entries.next(); ) {
            first = Math.min(first, entries.pane());
        }
        List<Partial> late = new ArrayList<>();
        PartialBlock left = block;
        if (first < firstOpen) {
            left = block.without(
                    entry -> entry.pane() < firstOpen,
                    entry -> late.add(entry.read().notBefore(firstOpen)));
        }
        if (left != null) {
            store(family, watch.judgedAt(Math.max(first, firstOpen)), TO_BE_WEIGHED, left);
        }
        List<Partial> out = new ArrayList<>(late);
        late.forEach(
                partial -> out.addAll(rouse(family, partial.part().subject().hashCode())));
        return out;
    }

    /**
     * Weighs what has to be weighed when panes are judged, and lets go of what no window reaches any more.
     *
     * @param moment one of those that {@code wake} heard of
     * @param benches of the rules in force then and later, in this order: a subject rests where none of them may speak
     * @return what is known of subjects that do not rest, to be judged by themselves
     */
    List<Partial> weighAndLetGo(long moment, List<Bench> benches) {
        List<Partial> out = new ArrayList<>();
        for (Family family : Catalogue.RESTING) {
            weigh(family, moment, benches, out);
            // The pane that is judged now is the last whose window reaches what is let go of.
            letGo(family, moment, benches);
        }
        return out;
    }

    /** Weighs at the end of the input all that lies at a place of {@link #blocks}; what does not rest. */
    List<Partial> weighLast(long place, List<Bench> benches) {
        List<Partial> out = new ArrayList<>();
        if ((place & 1) == TO_BE_WEIGHED) {
            int code = (int) (place >> 1) & (1 << FAMILY_BITS) - 1;
            weigh(Catalogue.family(code), place >> 1 + FAMILY_BITS, benches, out);
        }
        return out;
    }

    private void weigh(Family family, long moment, List<Bench> benches, List<Partial> out) {
        List<PartialBlock> due = takeAll(family, moment, TO_BE_WEIGHED);
        if (due.isEmpty()) {
            return;
        }
        BacklogCounts known = changing(family);
        IntSet roused = new IntOpenHashSet();
        for (PartialBlock block : due) {
            for (PartialCursor entries = block.entries(); entries.next(); ) {
                int hash = entries.subjectHash();
                if (!known.isRoused(hash) && !rests(family, benches, known.add(hash, entries.weight()))) {
                    known.rouse(hash);
                    roused.add(hash);
                }
            }
        }
        List<Partial> taken = new ArrayList<>();
        takeOut(family, known, roused, taken);
        for (PartialBlock block : due) {
            PartialBlock left = known.hasRoused()
                    ? block.without(entry -> known.isRoused(entry.subjectHash()), entry -> taken.add(entry.read()))
                    : block;
            if (left != null) {
                keep(family, known, left, benches);
            }
        }
        out.addAll(joined(family, taken));
    }

    private void letGo(Family family, long moment, List<Bench> benches) {
        List<PartialBlock> due = takeAll(family, moment, TO_BE_LET_GO);
        if (due.isEmpty()) {
            return;
        }
        Watch inForce = benches.get(0).watch(family);
        BacklogCounts known = changing(family);
        known.moments().remove(moment);
        for (PartialBlock block : due) {
            PartialBlock left = block.without(
                    entry -> inForce.forgottenAt(entry.pane()) <= moment,
                    entry -> known.subtract(entry.subjectHash(), entry.weight()));
            if (left != null) {
                keep(family, known, left, benches);
            }
        }
    }

    /**
     * Takes out subjects by hash, to be judged by themselves from here on.
     *
     * @return what is known of them, but for what is still to be weighed; nothing where they are judged by themselves already
     */
    List<Partial> rouse(Family family, int hash) {
        List<Partial> out = new ArrayList<>();
        if (!of(family).isRoused(hash)) {
            BacklogCounts known = changing(family);
            known.rouse(hash);
            takeOut(family, known, IntSets.singleton(hash), out);
        }
        return out;
    }

    /** Takes out the subjects that do not rest under other rules; what is known of them. */
    List<Partial> rouseUnder(Family family, List<Bench> benches) {
        BacklogCounts known = changing(family);
        IntSet roused = new IntOpenHashSet();
        for (long moment : known.moments()) {
            for (PartialBlock block : at(family, moment, TO_BE_LET_GO)) {
                for (PartialCursor entries = block.entries(); entries.next(); ) {
                    if (!rests(family, benches, known.weight(entries.subjectHash()))) {
                        roused.add(entries.subjectHash());
                    }
                }
            }
        }
        List<Partial> out = new ArrayList<>();
        roused.forEach(known::rouse);
        takeOut(family, known, roused, out);
        storeAnew(family, known, benches);
        return out;
    }

    /** Other rules may have shorter windows. */
    private void storeAnew(Family family, BacklogCounts known, List<Bench> benches) {
        List<PartialBlock> all = new ArrayList<>();
        known.moments().forEach(moment -> all.addAll(takeAll(family, moment, TO_BE_LET_GO)));
        known.moments().clear();
        all.forEach(block -> keep(family, known, block, benches));
    }

    /** A subject with this hash is judged by itself: it has been roused. */
    void begin(Family family, int hash) {
        changing(family).begin(hash);
    }

    /** A subject with this hash has nothing any more that is judged by itself. */
    void end(Family family, int hash) {
        changing(family).end(hash);
    }

    private static boolean rests(Family family, List<Bench> benches, long weight) {
        if (weight > MUCH) {
            return false;
        }
        for (Bench bench : benches) {
            if (!bench.watch(family).quiet(weight)) {
                return false;
            }
        }
        return true;
    }

    /** Keeps a block until no window reaches the first of its panes. */
    private void keep(Family family, BacklogCounts known, PartialBlock block, List<Bench> benches) {
        long first = Long.MAX_VALUE;
        for (PartialCursor entries = block.entries(); entries.next(); ) {
            first = Math.min(first, entries.pane());
        }
        long moment = Long.MAX_VALUE;
        for (Bench bench : benches) {
            moment = Math.min(moment, bench.watch(family).forgottenAt(first));
        }
        store(family, moment, TO_BE_LET_GO, block);
        known.moments().add(moment);
    }

    private void store(Family family, long moment, int waitsFor, PartialBlock block) {
        turnTo(family, moment, waitsFor);
        try {
            blocks.add(block);
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot keep what was counted", e);
        }
        wake.accept(moment);
    }

    private void takeOut(Family family, BacklogCounts known, IntSet hashes, List<Partial> out) {
        if (!hashes.isEmpty()) {
            Predicate<PartialCursor> theirs = entry -> hashes.contains(entry.subjectHash());
            known.moments().removeIf(moment -> isEmptyWithout(theirs, family, moment, out));
        }
    }

    /** Whether nothing is left of what is let go of at a moment. */
    private boolean isEmptyWithout(Predicate<PartialCursor> theirs, Family family, long moment, List<Partial> out) {
        List<PartialBlock> before = at(family, moment, TO_BE_LET_GO);
        int taken = out.size();
        List<PartialBlock> left = new ArrayList<>(before.size());
        for (PartialBlock block : before) {
            PartialBlock rest = block.without(theirs, entry -> out.add(entry.read()));
            if (rest != null) {
                left.add(rest);
            }
        }
        if (left.isEmpty()) {
            blocks.clear();
        } else if (out.size() > taken) {
            try {
                blocks.updateInternal(left);
            } catch (Exception e) {
                throw new FlinkRuntimeException("Cannot keep what was counted", e);
            }
        }
        return left.isEmpty();
    }

    /** Puts together what is about the same. */
    private static List<Partial> joined(Family family, List<Partial> partials) {
        if (partials.size() < 2) {
            return partials;
        }
        Map<SubjectPart, List<Page>> pages = new HashMap<>();
        partials.forEach(partial -> pages.computeIfAbsent(partial.part(), unseen -> new ArrayList<>(2))
                .add(partial.page()));
        List<Partial> joined = new ArrayList<>(pages.size());
        pages.forEach((part, theirs) -> joined.add(new Partial(part, joinedPages(family, theirs))));
        return joined;
    }

    private static Page joinedPages(Family family, List<Page> pages) {
        Page all = pages.size() == 1 ? pages.get(0) : Page.joined(pages);
        if (all != null) {
            return all;
        }
        PageInHand sum = new PageInHand(family);
        for (Page page : pages) {
            page.counting().forEach((cell, tally) -> sum.add(false, cell, tally));
            page.facts().forEach((cell, tally) -> sum.add(true, cell, tally));
        }
        return sum.take();
    }

    private List<PartialBlock> takeAll(Family family, long moment, int waitsFor) {
        List<PartialBlock> there = at(family, moment, waitsFor);
        if (!there.isEmpty()) {
            blocks.clear();
        }
        return there;
    }

    /** Blocks of a place; empty for none. */
    private List<PartialBlock> at(Family family, long moment, int waitsFor) {
        turnTo(family, moment, waitsFor);
        try {
            List<PartialBlock> there = blocks.getInternal();
            return there == null ? List.of() : there;
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot read what was counted", e);
        }
    }

    private void turnTo(Family family, long moment, int waitsFor) {
        blocks.setCurrentNamespace((moment << FAMILY_BITS | family.code()) << 1 | waitsFor);
    }

    /**
     * Writes back how much there is of the bucket at hand: to be called before another one is, before state is read in any
     * other way, and before a checkpoint may begin. A bucket's counts are long, and change with each subject that begins to be
     * judged by itself or ends.
     */
    void putAway() {
        for (Family family : familiesInHand) {
            InHand known = inHand[family.code()];
            inHand[family.code()] = null;
            if (known.changed) {
                write(family, known.counts);
            }
        }
        familiesInHand.clear();
    }

    private void write(Family family, BacklogCounts known) {
        counts.setCurrentNamespace(family.code());
        try {
            if (known.isEmpty()) {
                counts.clear();
            } else {
                counts.update(known);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write how much was counted", e);
        }
    }

    /** To be read only. */
    private BacklogCounts of(Family family) {
        return inHand(family).counts;
    }

    private BacklogCounts changing(Family family) {
        InHand known = inHand(family);
        known.changed = true;
        return known.counts;
    }

    private InHand inHand(Family family) {
        InHand known = inHand[family.code()];
        if (known == null) {
            known = new InHand(kept(family));
            inHand[family.code()] = known;
            familiesInHand.add(family);
        }
        return known;
    }

    private BacklogCounts kept(Family family) {
        counts.setCurrentNamespace(family.code());
        try {
            BacklogCounts kept = counts.value();
            return kept == null ? new BacklogCounts() : kept;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read how much was counted", e);
        }
    }

    /** What there is of one family, and whether it is to be written back. */
    private static final class InHand {

        private final BacklogCounts counts;
        private boolean changed;

        InHand(BacklogCounts counts) {
            this.counts = counts;
        }
    }
}
