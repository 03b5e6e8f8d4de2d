package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.PageFormat;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.rule.Catalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Marks packed one after the other as they come, until there are many or one of them is due; then sorted, so that those
 * about the same are put together, and sent in blocks, each of one bucket, and of one family where its subjects rest (see
 * {@link Backlog}). Nothing is looked up before: there are many times as many subjects as a processor's cache holds, and most
 * come once.
 */
final class PackedMarks {

    /** Marks that are packed. */
    private static final int MOST = 1 << 17;

    /** Bytes of them: a little less than what a buffer has that is doubled as it grows. */
    private static final int LONGEST = 15 << 20;

    /** Marks of one part that are not to be sent one by one. */
    private static final int FREQUENT = 64;

    private static final int FEW = 64;

    /** Marks that are fetched together. */
    private static final int FETCHED = 16;

    /** Bytes that come with one of them. */
    private static final int CACHE_LINE = 64;

    /** Behind the bucket in the order stands the family, of those whose blocks are of one. */
    private static final int FAMILY_BITS = Integer.SIZE - Integer.numberOfLeadingZeros(Catalogue.MOST_CODE);

    /** So much of a part's hash stands behind it, and behind that where the mark is packed. */
    private static final int HASH_BITS =
            Long.SIZE - Integer.SIZE - FAMILY_BITS - Integer.numberOfTrailingZeros(SubjectBuckets.COUNT);

    private static final int HASH = (1 << HASH_BITS) - 1;

    /** In the place of what a mark weighs. */
    private static final long FACT = -1;

    // A mark is packed whole, for when it is sent it has long left the processor's cache. From where it begins: these
    // numbers, its part, its entry, and the numbers of its texts, those of the part first.

    /** Epoch seconds of event time. */
    private static final int DUE = 0;

    /** What it weighs; of a fact {@link #FACT}. */
    private static final int WEIGHT = DUE + Long.BYTES;

    /** Lengths in bytes. */
    private static final int PART_LENGTH = WEIGHT + Long.BYTES;

    private static final int ENTRY_LENGTH = PART_LENGTH + Integer.BYTES;

    /** How many texts there are. */
    private static final int TEXTS = ENTRY_LENGTH + Integer.BYTES;

    private static final int PART = TEXTS + Integer.BYTES;

    /** The first texts of a mark: the subject's scope and its name. */
    private static final int PART_TEXTS = 2;

    private final DataOutputSerializer packed = new DataOutputSerializer(1_024);
    private final NumberedTexts texts = new NumberedTexts();
    private final Consumer<String> numbered = this::takeText;

    /** By mark: its bucket, its family, the hash of its part, and where it is packed. */
    private long[] order = new long[FEW];

    /** Of the mark that is being packed. */
    private int[] numbers = new int[FEW];

    private int numberCount;
    private int marks;
    private long earliestDue = Long.MAX_VALUE;

    /** What is packed, once all of it is. */
    private ByteBuffer view;

    /** Where the sum goes: the compiler leaves out reads whose result nobody keeps. */
    @SuppressWarnings("UnusedVariable")
    private int fetched;

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

    /** Packs a mark, see {@link MarkTaker#add}. */
    void add(SubjectPart part, long due, boolean fact, Cell cell, Tally tally) {
        if (marks == order.length) {
            order = Arrays.copyOf(order, 2 * marks);
        }
        Family family = Catalogue.family(part.family());
        int at = packed.length();
        try {
            write(part, due, fact ? FACT : family.weight(tally), fact, cell, tally);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write what was counted", e);
        }
        long bucketAndFamily = (long) SubjectBuckets.of(part.subject().hashCode()) << FAMILY_BITS
                | (family.rests() ? family.code() : 0);
        long first = bucketAndFamily << HASH_BITS | part.hashCode() & HASH;
        order[marks] = first << Integer.SIZE | at;
        marks++;
        earliestDue = Math.min(earliestDue, due);
        if (marks == MOST || packed.length() >= LONGEST) {
            send();
        }
    }

    private void write(SubjectPart part, long due, long weight, boolean fact, Cell cell, Tally tally)
            throws IOException {
        int at = packed.length();
        numberCount = 0;
        packed.writeLong(due);
        packed.writeLong(weight);
        packed.writeInt(0); // the lengths, once they are known
        packed.writeInt(0);
        packed.writeInt(0);
        takeText(part.subject().scope());
        takeText(part.subject().name());
        PartFormat.write(part, packed);
        int entry = packed.length();
        PageFormat.write(fact, cell, tally, packed, numbered);
        packed.writeIntUnsafe(entry - at - PART, at + PART_LENGTH);
        packed.writeIntUnsafe(packed.length() - entry, at + ENTRY_LENGTH);
        packed.writeIntUnsafe(numberCount, at + TEXTS);
        for (int i = 0; i < numberCount; i++) {
            packed.writeInt(numbers[i]);
        }
    }

    /** Sends what is packed if some of it has to be there when event time is this far, in epoch seconds. */
    void sendDue(long time) {
        if (earliestDue <= time) {
            send();
        }
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
        view = ByteBuffer.wrap(packed.getSharedBuffer());
        block.naming(texts);
        int toFetch = 0;
        for (int first = 0; first < marks; ) {
            if (first >= toFetch) {
                toFetch = fetch(first);
            }
            int next = first + 1;
            while (next < marks && samePart(first, next)) {
                next++;
            }
            send(first, next);
            first = next;
        }
        block.send();
        texts.clear();
        packed.clear();
        marks = 0;
        earliestDue = Long.MAX_VALUE;
    }

    /**
     * Looks at the next marks in the order, which are all over the place and have long left the processor's cache: memory
     * answers many requests at once in the time of one, but not where each mark is dealt with before the next is looked at.
     *
     * @return the first that is not fetched yet
     */
    private int fetch(int first) {
        byte[] bytes = packed.getSharedBuffer();
        int end = Math.min(first + FETCHED, marks);
        int sum = 0;
        for (int place = first; place < end; place++) {
            int mark = mark(place);
            int last = Math.min(mark + 2 * CACHE_LINE, bytes.length - 1);
            sum += bytes[mark] + bytes[Math.min(mark + CACHE_LINE, last)] + bytes[last];
        }
        fetched += sum;
        return end;
    }

    private int bucket(int place) {
        return (int) (order[place] >>> Integer.SIZE + HASH_BITS + FAMILY_BITS);
    }

    private int family(int place) {
        return (int) (order[place] >>> Integer.SIZE + HASH_BITS) & (1 << FAMILY_BITS) - 1;
    }

    /** Where the mark is packed that comes at a place of the order. */
    private int mark(int place) {
        return (int) order[place];
    }

    private boolean samePart(int place, int next) {
        if (order[place] >>> Integer.SIZE != order[next] >>> Integer.SIZE) {
            return false;
        }
        byte[] bytes = packed.getSharedBuffer();
        int one = mark(place);
        int other = mark(next);
        return Arrays.equals(bytes, one + PART, entry(one), bytes, other + PART, entry(other))
                && text(one, 0) == text(other, 0)
                && text(one, 1) == text(other, 1);
    }

    private int entry(int mark) {
        return mark + PART + view.getInt(mark + PART_LENGTH);
    }

    private int entryLength(int mark) {
        return view.getInt(mark + ENTRY_LENGTH);
    }

    private int textCount(int mark) {
        return view.getInt(mark + TEXTS);
    }

    private int text(int mark, int number) {
        return view.getInt(entry(mark) + entryLength(mark) + number * Integer.BYTES);
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
            long itsWeight = view.getLong(mark + WEIGHT);
            facts += itsWeight == FACT ? 1 : 0;
            weight = itsWeight == FACT ? weight : Agenda.plus(weight, itsWeight);
            length += entryLength(mark);
            textCount += textCount(mark) - PART_TEXTS;
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
                frequent.take(part(mark(from)), view.getLong(mark(from) + DUE), page(from, to, counts));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write what was counted", e);
        }
    }

    private void write(int from, int to, Counts counts) throws IOException {
        byte[] bytes = packed.getSharedBuffer();
        int first = mark(from);
        block.begin(
                bucket(from),
                family(from),
                counts,
                text(first, 0),
                text(first, 1),
                bytes,
                first + PART,
                entry(first) - first - PART);
        for (int place = from; place < to; place++) {
            int mark = mark(place);
            block.entry(bytes, entry(mark), entryLength(mark));
        }
        for (int place = from; place < to; place++) {
            int mark = mark(place);
            for (int i = PART_TEXTS; i < textCount(mark); i++) {
                block.text(text(mark, i));
            }
        }
        block.end();
    }

    /** The page of these marks, for whoever adds them up. */
    private Page page(int from, int to, Counts counts) {
        byte[] entries = new byte[counts.length()];
        String[] theirs = new String[counts.texts()];
        int length = 0;
        int textCount = 0;
        for (int place = from; place < to; place++) {
            int mark = mark(place);
            System.arraycopy(packed.getSharedBuffer(), entry(mark), entries, length, entryLength(mark));
            length += entryLength(mark);
            for (int i = PART_TEXTS; i < textCount(mark); i++) {
                theirs[textCount++] = texts.text(text(mark, i));
            }
        }
        return Page.written(entries, theirs, counts.counting(), counts.facts(), counts.weight());
    }

    private SubjectPart part(int mark) throws IOException {
        DataInputDeserializer in =
                new DataInputDeserializer(packed.getSharedBuffer(), mark + PART, entry(mark) - mark - PART);
        in.skipBytesToRead(Integer.BYTES);
        int family = in.readByte();
        long pane = in.readLong();
        Subject subject = PartFormat.read(in, texts.text(text(mark, 0)), texts.text(text(mark, 1)));
        return new SubjectPart(subject, family, pane);
    }
}
