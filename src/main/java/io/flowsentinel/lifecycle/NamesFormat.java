package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Observer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
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

    /** What interfaces share most comes first. The order is part of every savepoint: it never changes. */
    private enum Field {
        SCOPE,
        ACCOUNT_ID,
        REGION,
        VPC_ID,
        AZ_ID,
        SUBNET_ID,
        ROLE,
        INTERFACE_TYPE,
        INSTANCE_ID,
        INTERFACE_ID;

        String of(Observer observer) {
            return switch (this) {
                case SCOPE -> observer.scope();
                case ACCOUNT_ID -> observer.accountId();
                case REGION -> observer.region();
                case VPC_ID -> observer.vpcId();
                case AZ_ID -> observer.azId();
                case SUBNET_ID -> observer.subnetId();
                case ROLE -> observer.role();
                case INTERFACE_TYPE -> observer.interfaceType();
                case INSTANCE_ID -> observer.instanceId();
                case INTERFACE_ID -> observer.interfaceId();
            };
        }

        String of(String[] texts) {
            return texts[ordinal()];
        }
    }

    private static final Field[] FIELDS = Field.values();
    private static final Comparator<String> ABSENT_FIRST = Comparator.nullsFirst(Comparator.naturalOrder());

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
        String[] before = new String[FIELDS.length];
        for (int number : writeNumbers(numbered, NamesFormat::compare, out)) {
            Observer observer = numbered.get(number);
            int differing = 0;
            for (int i = 0; i < before.length; i++) {
                differing |= Objects.equals(FIELDS[i].of(observer), before[i]) ? 0 : 1 << i;
            }
            Wire.writeVarLong(differing, out);
            for (int i = 0; i < before.length; i++) {
                if ((differing & 1 << i) != 0) {
                    before[i] = FIELDS[i].of(observer);
                    Wire.writeNullable(before[i], out);
                }
            }
        }
    }

    /** By the fields in their order, absent ones first. Names are sorted for each checkpoint, so this is much used. */
    private static int compare(Observer one, Observer other) {
        for (Field field : FIELDS) {
            String here = field.of(one);
            String there = field.of(other);
            // What two interfaces share is mostly one instance, which no character has to be compared of.
            if (!Objects.equals(here, there)) {
                return ABSENT_FIRST.compare(here, there);
            }
        }
        return 0;
    }

    private Numbered<Observer> readObservers(DataInputView in) throws IOException {
        int[] references = new int[(int) Wire.readVarLong(in)];
        int[] numbers = readNumbers(references, in);
        Object[] values = new Object[references.length];
        String[] fields = new String[FIELDS.length];
        for (int number : numbers) {
            int differing = (int) Wire.readVarLong(in);
            for (int i = 0; i < fields.length; i++) {
                if ((differing & 1 << i) != 0) {
                    fields[i] = shared(Wire.readNullable(in));
                }
            }
            values[number] = observers.of(observer(fields));
        }
        return new Numbered<>(values, references);
    }

    private static Observer observer(String[] fields) {
        return new Observer(
                Field.SCOPE.of(fields),
                Field.INTERFACE_ID.of(fields),
                Field.ACCOUNT_ID.of(fields),
                Field.REGION.of(fields),
                Field.AZ_ID.of(fields),
                Field.VPC_ID.of(fields),
                Field.SUBNET_ID.of(fields),
                Field.INSTANCE_ID.of(fields),
                Field.INTERFACE_TYPE.of(fields),
                Field.ROLE.of(fields));
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
