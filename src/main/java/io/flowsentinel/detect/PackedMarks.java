package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.PageFormat;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.rule.Catalogue;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.serde.Buckets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Marks packed one after the other as they come, until there are many or one of them is due; then sorted, so that those
 * about the same are put together, and sent in blocks, each of one bucket, and of one family where its subjects rest (see {@link Backlog}). Nothing is looked up before: there are many times
 * as many subjects as a processor's cache holds, and most come once.
 */
final class PackedMarks {

    /** Marks that are packed. */
    private static final int MOST = 1 << 17;

    /** Bytes of them: a little less than what a buffer has that is doubled as it grows. */
    private static final int LONGEST = 15 << 20;

    /** Marks of one part that are not to be sent one by one. */
    private static final int FREQUENT = 64;

    private static final int FEW = 64;

    /** Behind the bucket in the order stands the family, of those whose blocks are of one. */
    private static final int FAMILY_BITS = Integer.SIZE - Integer.numberOfLeadingZeros(Catalogue.MOST_CODE);

    /** So much of a part's hash stands behind it, and behind that which mark it is. */
    private static final int HASH_BITS =
            Long.SIZE - Integer.SIZE - FAMILY_BITS - Integer.numberOfTrailingZeros(ConnectionKey.BUCKETS);

    private static final int HASH = (1 << HASH_BITS) - 1;

    /** In the place of what a mark weighs. */
    private static final long FACT = -1;

    /** Of each mark where it begins, where its entry does, and how many texts there are with its own. */
    private static final int START = 0;

    private static final int ENTRY = 1;
    private static final int TEXTS = 2;
    private static final int FIELDS = 3;

    /** The first texts of a mark: the subject's scope and its name. */
    private static final int PART_TEXTS = 2;

    private final DataOutputSerializer packed = new DataOutputSerializer(1_024);
    private final NumberedTexts texts = new NumberedTexts();
    private final Consumer<String> numbered = this::takeText;

    /** By mark, all fields of one after the other. */
    private int[] places = new int[FEW * FIELDS];

    /** By mark: its bucket, the hash of its part, and which mark it is. */
    private long[] order = new long[FEW];

    /** By mark; of a fact {@link #FACT}. */
    private long[] weights = new long[FEW];

    /** By mark, in epoch seconds of event time. */
    private long[] dues = new long[FEW];

    private int[] numbers = new int[FEW];
    private int numberCount;
    private int marks;
    private long earliestDue = Long.MAX_VALUE;

    private final PartialBlockWriter block;
    private final int mostOfOne;
    private final Frequent frequent;

    /** Takes what there is much of. */
    interface Frequent {

        /**
         * Takes the marks there are of one part.
         *
         * @param due epoch seconds of event time by which it has to be there
         */
        void take(SubjectPart part, long due, Page page);
    }

    private PackedMarks(Consumer<PartialBlock> out, int mostOfOne, Frequent frequent) {
        this.block = new PartialBlockWriter(out);
        this.mostOfOne = mostOfOne;
        this.frequent = frequent;
    }

    /** Gives parts away that many of the marks are about, instead of sending them. */
    static PackedMarks givingAway(Frequent frequent, Consumer<PartialBlock> out) {
        return new PackedMarks(out, FREQUENT, frequent);
    }

    /** Sends all that there is, for it is added up already. */
    static PackedMarks ofAddedUp(Consumer<PartialBlock> out) {
        return new PackedMarks(out, Integer.MAX_VALUE, (part, due, page) -> {});
    }

    /** Packs a mark, see {@link PartialTallies#add}. */
    void add(SubjectPart part, long due, boolean fact, Cell cell, Tally tally) {
        if (marks == order.length) {
            order = Arrays.copyOf(order, 2 * marks);
            weights = Arrays.copyOf(weights, 2 * marks);
            dues = Arrays.copyOf(dues, 2 * marks);
            places = Arrays.copyOf(places, 2 * marks * FIELDS);
        }
        int at = marks * FIELDS;
        places[at + START] = packed.length();
        try {
            write(part);
            places[at + ENTRY] = packed.length();
            PageFormat.write(fact, cell, tally, packed, numbered);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write what was counted", e);
        }
        places[at + TEXTS] = numberCount;
        Family family = Catalogue.family(part.family());
        long bucketAndFamily =
                (long) Buckets.ofHash(part.subject().hashCode()) << FAMILY_BITS | (family.rests() ? family.code() : 0);
        long first = bucketAndFamily << HASH_BITS | part.hashCode() & HASH;
        order[marks] = first << Integer.SIZE | marks;
        weights[marks] = fact ? FACT : family.weight(tally);
        dues[marks] = due;
        marks++;
        earliestDue = Math.min(earliestDue, due);
        if (marks == MOST || packed.length() >= LONGEST) {
            send();
        }
    }

    /** Sends what is packed if some of it has to be there when event time is this far, in epoch seconds. */
    void sendDue(long time) {
        if (earliestDue <= time) {
            send();
        }
    }

    private void write(SubjectPart part) throws IOException {
        takeText(part.subject().scope());
        takeText(part.subject().name());
        PartFormat.write(part, packed);
    }

    private void takeText(String text) {
        if (numberCount == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * numberCount);
        }
        numbers[numberCount++] = texts.number(text);
    }

    /** Sends all that is packed. */
    void send() {
        if (marks == 0) {
            return;
        }
        Arrays.sort(order, 0, marks);
        block.naming(texts);
        for (int first = 0; first < marks; ) {
            int next = first + 1;
            while (next < marks && samePart(mark(first), mark(next))) {
                next++;
            }
            send(first, next);
            first = next;
        }
        block.send();
        texts.clear();
        packed.clear();
        numberCount = 0;
        marks = 0;
        earliestDue = Long.MAX_VALUE;
    }

    private int bucket(int place) {
        return (int) (order[place] >>> Integer.SIZE + HASH_BITS + FAMILY_BITS);
    }

    private int family(int place) {
        return (int) (order[place] >>> Integer.SIZE + HASH_BITS) & (1 << FAMILY_BITS) - 1;
    }

    /** Which mark comes at a place of the order. */
    private int mark(int place) {
        return (int) order[place];
    }

    private boolean samePart(int one, int other) {
        byte[] bytes = packed.getSharedBuffer();
        int ofOne = textsBefore(one);
        int ofOther = textsBefore(other);
        return Arrays.equals(bytes, start(one), entry(one), bytes, start(other), entry(other))
                && Arrays.equals(numbers, ofOne, ofOne + PART_TEXTS, numbers, ofOther, ofOther + PART_TEXTS);
    }

    private int start(int mark) {
        return places[mark * FIELDS + START];
    }

    private int entry(int mark) {
        return places[mark * FIELDS + ENTRY];
    }

    private int end(int mark) {
        return mark + 1 == marks ? packed.length() : start(mark + 1);
    }

    private int textsBefore(int mark) {
        return mark == 0 ? 0 : places[(mark - 1) * FIELDS + TEXTS];
    }

    private int textsThrough(int mark) {
        return places[mark * FIELDS + TEXTS];
    }

    /**
     * Of marks that are put together.
     *
     * @param counting how many count
     * @param facts how many are what else is known
     * @param weight of those that count
     * @param length of their entries, in bytes
     * @param texts of their entries
     */
    record Counts(int counting, int facts, long weight, int length, int texts) {}

    private Counts counts(int from, int to) {
        int facts = 0;
        long weight = 0;
        int length = 0;
        int textCount = 0;
        for (int place = from; place < to; place++) {
            int mark = mark(place);
            boolean fact = weights[mark] == FACT;
            facts += fact ? 1 : 0;
            weight = fact ? weight : Agenda.plus(weight, weights[mark]);
            length += end(mark) - entry(mark);
            textCount += textsThrough(mark) - textsBefore(mark) - PART_TEXTS;
        }
        return new Counts(to - from - facts, facts, weight, length, textCount);
    }

    /** Sends the marks at some places of the order, all of one part, as one page. */
    private void send(int from, int to) {
        Counts counts = counts(from, to);
        try {
            if (to - from < mostOfOne) {
                write(from, to, counts);
            } else {
                frequent.take(part(mark(from)), dues[mark(from)], page(from, to, counts));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write what was counted", e);
        }
    }

    private void write(int from, int to, Counts counts) throws IOException {
        byte[] bytes = packed.getSharedBuffer();
        int first = mark(from);
        int named = textsBefore(first);
        block.begin(
                bucket(from),
                family(from),
                counts,
                numbers[named],
                numbers[named + 1],
                bytes,
                start(first),
                entry(first) - start(first));
        for (int place = from; place < to; place++) {
            int mark = mark(place);
            block.entry(bytes, entry(mark), end(mark) - entry(mark));
        }
        for (int place = from; place < to; place++) {
            int mark = mark(place);
            for (int i = textsBefore(mark) + PART_TEXTS; i < textsThrough(mark); i++) {
                block.text(numbers[i]);
            }
        }
        block.end();
    }

    /** The page of these marks, for whoever adds them up. */
    private Page page(int from, int to, Counts counts) {
        byte[] bytes = packed.getSharedBuffer();
        byte[] entries = new byte[counts.length()];
        String[] theirs = new String[counts.texts()];
        int length = 0;
        int textCount = 0;
        for (int place = from; place < to; place++) {
            int mark = mark(place);
            System.arraycopy(bytes, entry(mark), entries, length, end(mark) - entry(mark));
            length += end(mark) - entry(mark);
            for (int i = textsBefore(mark) + PART_TEXTS; i < textsThrough(mark); i++) {
                theirs[textCount++] = texts.text(numbers[i]);
            }
        }
        return Page.written(entries, theirs, counts.counting(), counts.facts(), counts.weight());
    }

    private SubjectPart part(int mark) throws IOException {
        int before = textsBefore(mark);
        DataInputDeserializer in =
                new DataInputDeserializer(packed.getSharedBuffer(), start(mark), entry(mark) - start(mark));
        in.skipBytesToRead(Integer.BYTES);
        int family = in.readByte();
        long pane = in.readLong();
        Subject subject = PartFormat.read(in, texts.text(numbers[before]), texts.text(numbers[before + 1]));
        return new SubjectPart(subject, family, pane);
    }
}
