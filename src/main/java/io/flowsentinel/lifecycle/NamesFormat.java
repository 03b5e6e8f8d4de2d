package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Observer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Names in a checkpoint: sorted, each as what it does not share with the one before it. Interfaces of one subnet differ
 * in their own id and the instance's; objects of one flow log in the last characters.
 *
 * <p>Equal names of different buckets are read as one instance, see {@link Shared}. For one thread.
 */
final class NamesFormat {

    /** What interfaces share most comes first. */
    private static final List<Function<Observer, String>> FIELDS = List.of(
            Observer::scope,
            Observer::accountId,
            Observer::region,
            Observer::vpcId,
            Observer::azId,
            Observer::subnetId,
            Observer::role,
            Observer::interfaceType,
            Observer::instanceId,
            Observer::interfaceId);

    private static final Comparator<Observer> ORDER = FIELDS.stream()
            .map(field -> Comparator.comparing(field, Comparator.nullsFirst(Comparator.<String>naturalOrder())))
            .reduce(Comparator::thenComparing)
            .orElseThrow();

    private final Shared<Observer> observers = new Shared<>();
    private final Shared<String> texts = new Shared<>();

    void write(Names names, DataOutputView out) throws IOException {
        writeObservers(names.observers(), out);
        writeTexts(names.texts(), out);
    }

    Names read(DataInputView in) throws IOException {
        return new Names(readObservers(in), readTexts(in));
    }

    private static void writeObservers(Numbered<Observer> numbered, DataOutputView out) throws IOException {
        String[] before = new String[FIELDS.size()];
        for (int number : writeNumbers(numbered, ORDER, out)) {
            Observer observer = numbered.get(number);
            int differing = 0;
            for (int i = 0; i < before.length; i++) {
                differing |= Objects.equals(FIELDS.get(i).apply(observer), before[i]) ? 0 : 1 << i;
            }
            Wire.writeVarLong(differing, out);
            for (int i = 0; i < before.length; i++) {
                if ((differing & 1 << i) != 0) {
                    before[i] = FIELDS.get(i).apply(observer);
                    Wire.writeNullable(before[i], out);
                }
            }
        }
    }

    private Numbered<Observer> readObservers(DataInputView in) throws IOException {
        int[] references = new int[(int) Wire.readVarLong(in)];
        int[] numbers = readNumbers(references, in);
        Object[] values = new Object[references.length];
        String[] fields = new String[FIELDS.size()];
        for (int number : numbers) {
            int differing = (int) Wire.readVarLong(in);
            for (int i = 0; i < fields.length; i++) {
                if ((differing & 1 << i) != 0) {
                    fields[i] = shared(Wire.readNullable(in));
                }
            }
            values[number] = observers.of(new Observer(
                    fields[0], fields[9], fields[1], fields[2], fields[4], fields[3], fields[5], fields[8], fields[7],
                    fields[6]));
        }
        return new Numbered<>(values, references);
    }

    private String shared(String field) {
        return field == null ? null : texts.of(field);
    }

    private static void writeTexts(Numbered<String> numbered, DataOutputView out) throws IOException {
        byte[] before = {};
        for (int number : writeNumbers(numbered, Comparator.naturalOrder(), out)) {
            byte[] bytes = numbered.get(number).getBytes(StandardCharsets.UTF_8);
            int mismatch = Arrays.mismatch(before, bytes);
            int common = mismatch < 0 ? bytes.length : mismatch;
            Wire.writeVarLong(common, out);
            Wire.writeVarLong(bytes.length - common, out);
            out.write(bytes, common, bytes.length - common);
            before = bytes;
        }
    }

    private Numbered<String> readTexts(DataInputView in) throws IOException {
        int[] references = new int[(int) Wire.readVarLong(in)];
        int[] numbers = readNumbers(references, in);
        Object[] values = new Object[references.length];
        byte[] before = {};
        for (int number : numbers) {
            int common = (int) Wire.readVarLong(in);
            int rest = (int) Wire.readVarLong(in);
            byte[] bytes = Arrays.copyOf(before, common + rest);
            in.readFully(bytes, common, rest);
            values[number] = texts.of(new String(bytes, StandardCharsets.UTF_8));
            before = bytes;
        }
        return new Numbered<>(values, references);
    }

    /** Writes how many numbers there are, those in use in the order of their values, and how often each is used. */
    private static <T> int[] writeNumbers(Numbered<T> values, Comparator<T> order, DataOutputView out)
            throws IOException {
        int[] used = IntStream.range(0, values.size())
                .filter(number -> values.get(number) != null)
                .boxed()
                .sorted(Comparator.comparing(values::get, order))
                .mapToInt(Integer::intValue)
                .toArray();
        Wire.writeVarLong(values.size(), out);
        Wire.writeVarLong(used.length, out);
        for (int number : used) {
            Wire.writeVarLong(number, out);
            Wire.writeVarLong(values.references(number), out);
        }
        return used;
    }

    private static int[] readNumbers(int[] references, DataInputView in) throws IOException {
        int[] used = new int[(int) Wire.readVarLong(in)];
        for (int i = 0; i < used.length; i++) {
            used[i] = (int) Wire.readVarLong(in);
            references[used[i]] = (int) Wire.readVarLong(in);
        }
        return used;
    }
}
