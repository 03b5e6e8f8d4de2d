package io.flowsentinel.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Texts that are named by number: there are few of them, and they come again and again. */
final class NumberedTexts {

    /** The number of no text. */
    static final int NULL = 0;

    /** A power of two. */
    private static final int RECENT = 1 << 8;

    private final List<String> texts = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    /** By hash the text asked for last, and its number. */
    private final String[] recent = new String[RECENT];

    private final int[] recentNumbers = new int[RECENT];

    /** The number of a text, from 1; {@link #NULL} of none. */
    int number(String text) {
        if (text == null) {
            return NULL;
        }
        int place = text.hashCode() & RECENT - 1;
        if (!text.equals(recent[place])) {
            recentNumbers[place] = find(text);
            recent[place] = text;
        }
        return recentNumbers[place];
    }

    private int find(String text) {
        Integer known = numbers.get(text);
        if (known != null) {
            return known;
        }
        texts.add(text);
        numbers.put(text, texts.size());
        return texts.size();
    }

    /** The text that has a number; null where none has. */
    String text(int number) {
        return number == NULL ? null : texts.get(number - 1);
    }

    int size() {
        return texts.size();
    }

    void clear() {
        texts.clear();
        numbers.clear();
        Arrays.fill(recent, null);
    }
}
