package io.flowsentinel.detect;

import java.util.function.BiConsumer;

/** What a family has learned about one subject, beyond its panes: numbers by name. */
interface Memory {

    /** Null where nothing is known. Not to be changed: {@link #put} another. */
    long[] get(String name);

    void put(String name, long[] numbers);

    void remove(String name);

    /** Tells that so many things were forgotten for want of room, not for their age. */
    void forgotten(long things);

    /** Shows everything, in no order; nothing may be changed meanwhile. */
    void read(BiConsumer<String, long[]> reader);
}
