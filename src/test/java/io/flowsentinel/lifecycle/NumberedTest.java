package io.flowsentinel.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NumberedTest {

    @Property
    void everyReferenceKeepsItsValueUntilItIsGivenBack(@ForAll long seed) {
        Random random = new Random(seed);
        Numbered<String> numbered = new Numbered<String>().changeable(new Shared<>());
        Map<String, Integer> references = new HashMap<>();
        List<Integer> held = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            if (held.isEmpty() || random.nextInt(5) < 3) {
                String value = "eni-" + random.nextInt(20);
                held.add(numbered.refer(value));
                references.merge(value, 1, Integer::sum);
            } else {
                String value = numbered.release(held.remove(random.nextInt(held.size())));
                references.computeIfPresent(value, (same, count) -> count == 1 ? null : count - 1);
            }
            if (random.nextInt(20) == 0) {
                numbered = numbered.stored().changeable(new Shared<>());
            }
        }

        Map<String, Integer> found = new HashMap<>();
        Numbered<String> stored = numbered.stored();
        for (int number = 0; number < stored.size(); number++) {
            if (stored.get(number) != null) {
                found.put(stored.get(number), stored.references(number));
            }
        }
        assertThat(found).isEqualTo(references);
        assertThat(numbered.size()).isLessThanOrEqualTo(20);
    }

    @Test
    @Timeout(20)
    void manyValuesThatComeAndGoCostWhatFewDo() {
        Numbered<Integer> numbered = new Numbered<Integer>().changeable(new Shared<>());
        int values = 200_000;
        for (int value = 0; value < values; value++) {
            numbered.refer(value);
        }

        for (int value = 0; value < values; value++) {
            numbered.release(value);
            numbered.refer(value);
        }

        assertThat(numbered.size()).isEqualTo(values);
    }

    @Test
    void equalValuesOfDifferentBucketsAreOneInstance() {
        Shared<String> shared = new Shared<>();
        String once = "eni-1";
        String again = new String(once.toCharArray());

        Numbered<String> one = new Numbered<String>().changeable(shared);
        Numbered<String> other = new Numbered<String>().changeable(shared);

        assertThat(one.get(one.refer(once))).isSameAs(other.get(other.refer(again)));
    }
}
