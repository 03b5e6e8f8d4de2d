package io.flowsentinel.lifecycle;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Values that packed bytes refer to by a small number: each is held once, with how many references there are to it. A
 * number is free for another value when its last reference is gone.
 *
 * @param <T> has equals and hashCode
 */
final class Numbered<T> {

    private Object[] values;
    private int[] references;
    private int size;

    /** No number below is free. */
    private int freeFrom;

    /** Null until a value is looked for. */
    private Map<T, Integer> numbers;

    Numbered() {
        this(new Object[0], new int[0]);
    }

    /** @param values by number, null where the number is free; {@code references} likewise, 0 where it is free */
    Numbered(Object[] values, int[] references) {
        this.values = values;
        this.references = references;
        this.size = values.length;
    }

    Numbered<T> copy() {
        return new Numbered<>(Arrays.copyOf(values, size), Arrays.copyOf(references, size));
    }

    /** One more than the highest number there is. */
    int size() {
        return size;
    }

    /** The value of a number; null where the number is free. */
    @SuppressWarnings("unchecked") // only values of the type are ever stored
    T get(int number) {
        return (T) values[number];
    }

    int references(int number) {
        return references[number];
    }

    /** The number of a value, with one more reference to it. */
    int refer(T value) {
        Integer known = numbers().get(value);
        int number = known == null ? add(value) : known;
        references[number]++;
        return number;
    }

    /** The value of a number, with one reference less to it. */
    T release(int number) {
        T value = get(number);
        references[number]--;
        if (references[number] == 0) {
            free(number);
        }
        return value;
    }

    private void free(int number) {
        if (numbers != null) {
            numbers.remove(get(number));
        }
        values[number] = null;
        freeFrom = Math.min(freeFrom, number);
        while (size > 0 && values[size - 1] == null) {
            size--;
        }
    }

    private int add(T value) {
        while (freeFrom < size && values[freeFrom] != null) {
            freeFrom++;
        }
        int number = freeFrom;
        if (number == values.length) {
            int longer = Math.max(4, number * 2);
            values = Arrays.copyOf(values, longer);
            references = Arrays.copyOf(references, longer);
        }
        values[number] = value;
        size = Math.max(size, number + 1);
        numbers.put(value, number);
        return number;
    }

    private Map<T, Integer> numbers() {
        if (numbers == null) {
            numbers = new HashMap<>(size * 2);
            for (int number = 0; number < size; number++) {
                if (values[number] != null) {
                    numbers.put(get(number), number);
                }
            }
        }
        return numbers;
    }
}
