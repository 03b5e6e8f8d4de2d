package io.flowsentinel.lifecycle;

import java.util.Arrays;

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

    /** Null in what is stored: nothing is added there. */
    private final Shared<T> shared;

    /** Null, as are the free numbers, until a value is first looked for. */
    private NumbersByValue numbers;

    /** As many as {@code freeCount} says. */
    private int[] free;

    private int freeCount;

    Numbered() {
        this(new Object[0], new int[0], null);
    }

    /**
     * What is stored already.
     *
     * @param values by number, null where the number is free
     * @param references to it by number, 0 where the number is free
     */
    Numbered(Object[] values, int[] references) {
        this(values, references, null);
    }

    private Numbered(Object[] values, int[] references, Shared<T> shared) {
        this.values = values;
        this.references = references;
        this.size = values.length;
        this.shared = shared;
    }

    /** Values that are referred to once each, numbered in their order; not changed here. */
    static <T> Numbered<T> of(T[] values) {
        int[] references = new int[values.length];
        Arrays.fill(references, 1);
        return new Numbered<>(values, references);
    }

    /** The values by number, of which none is free. */
    T[] values(Class<T[]> type) {
        return Arrays.copyOf(values, size, type);
    }

    /** A copy to be changed, in which new values are shared ones. */
    Numbered<T> changeable(Shared<T> sharedValues) {
        return new Numbered<>(values.clone(), references.clone(), sharedValues);
    }

    /** What is to be stored, no longer than it has to be. This is not to be changed any more. */
    Numbered<T> stored() {
        int used = size;
        while (used > 0 && values[used - 1] == null) {
            used--;
        }
        return used == values.length
                ? new Numbered<>(values, references)
                : new Numbered<>(Arrays.copyOf(values, used), Arrays.copyOf(references, used));
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
        if (numbers == null) {
            lookUp();
        }
        int number = numbers.find(value, values);
        if (number == NumbersByValue.NONE) {
            T one = shared.of(value);
            number = numbers.find(one, values);
            number = number == NumbersByValue.NONE ? add(one) : number;
        }
        references[number]++;
        return number;
    }

    /** The value of a number, with one reference less to it. */
    T release(int number) {
        T value = get(number);
        references[number]--;
        if (references[number] == 0) {
            values[number] = null;
            if (numbers != null) {
                pushFree(number);
            }
        }
        return value;
    }

    private int add(T value) {
        int number = freeCount > 0 ? free[--freeCount] : size++;
        if (number == values.length) {
            int longer = Math.max(4, number * 2);
            values = Arrays.copyOf(values, longer);
            references = Arrays.copyOf(references, longer);
        }
        values[number] = value;
        numbers.put(number, values);
        return number;
    }

    private void lookUp() {
        numbers = shared.numbers();
        numbers.clear(size);
        free = new int[4];
        for (int number = size - 1; number >= 0; number--) {
            if (values[number] == null) {
                pushFree(number);
            } else {
                values[number] = shared.of(get(number));
                numbers.put(number, values);
            }
        }
    }

    private void pushFree(int number) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount] = number;
        freeCount++;
    }
}
