package io.flowsentinel.detect.judging;

import java.util.function.BiConsumer;

/** What a family has learned about one subject, beyond its panes: numbers by name. */
public interface Memory {

    /** Null where nothing is known. Not to be changed: {@link #put} another. */
    long[] get(String name);

    /** Keeps numbers under a name, instead of those that are there. */
    void put(String name, long[] numbers);

    /** Forgets the numbers of a name; nothing where there are none. */
    void remove(String name);

    /** Tells that so many things were forgotten for want of room, not for their age. */
    void forgotten(long things);

    /** Shows everything, in no order; nothing may be changed meanwhile. */
    void read(BiConsumer<String, long[]> reader);
}
