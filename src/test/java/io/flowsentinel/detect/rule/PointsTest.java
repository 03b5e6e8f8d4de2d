package io.flowsentinel.detect.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flowsentinel.detect.judging.MemoryInMemory;
import io.flowsentinel.detect.rule.Points.Usual;
import java.util.List;
import org.junit.jupiter.api.Test;

class PointsTest {

    private static final long LENGTH = 300;

    private final MemoryInMemory memory = new MemoryInMemory();

    @Test
    void emptyPointsAreInTheMean() {
        note(0, 6);
        note(LENGTH, 2);

        Usual usual = Points.read(memory, "ingress").before(4 * LENGTH, LENGTH, 0);

        assertThat(usual.points()).isEqualTo(4);
        assertThat(usual.mean()).isEqualTo(2);
        assertThat(usual.sigma()).isCloseTo(Math.sqrt(8), within(1e-9));
    }

    @Test
    void thePointAskedAboutIsNotInIt() {
        note(0, 6);
        note(LENGTH, 900);

        assertThat(Points.read(memory, "ingress").before(LENGTH, LENGTH, 0)).isEqualTo(new Usual(1, 6, 0));
    }

    @Test
    void whatWasNeverSeenHasNoPoints() {
        assertThat(Points.read(memory, "ingress").before(9_000, LENGTH, Long.MAX_VALUE))
                .isEqualTo(new Usual(0, 0, 0));
    }

    @Test
    void onlyTheLatestPointsCountAndAreKept() {
        note(0, 1_000_000);
        for (int i = 1; i <= 1_000; i++) {
            note(i * LENGTH, 7);
        }

        Usual usual = Points.read(memory, "ingress").before(1_001 * LENGTH, LENGTH, 0);

        assertThat(usual).isEqualTo(new Usual(Points.MOST, 7, 0));
        assertThat(memory.get("points ingress")).hasSize(2 * Points.MOST);
    }

    @Test
    void shorterPointsAddUpToLongerOnes() {
        note(0, 1);
        note(LENGTH, 2);
        note(3 * LENGTH, 5);

        assertThat(Points.read(memory, "ingress")
                        .before(4 * LENGTH, 2 * LENGTH, 0)
                        .mean())
                .isEqualTo(4);
    }

    /** A subject that is there all the time may be told of in any point of an hour but the first. */
    @Test
    void whichPointOfAnHourIsToldMakesNoDifference() {
        long hour = 3_600;
        Points.present(memory, hour + LENGTH);
        Points.present(memory, 3 * hour + 2 * LENGTH);
        long[] seldom = memory.get("#present").clone();

        Points.present(memory, 3 * hour + 9 * LENGTH);

        assertThat(memory.get("#present")).isEqualTo(seldom).containsExactly(hour + LENGTH, 3 * hour);
    }

    @Test
    void aSubjectIsKnownFromItsFirstPointUntilItRestsForAMonth() {
        long month = 30 * 86_400;
        Points.present(memory, LENGTH);
        Points.present(memory, month - 1);
        Points.present(memory, month);
        note(LENGTH, 1);

        assertThat(Points.since(memory, 2 * month - 1)).isEqualTo(LENGTH);
        assertThat(Points.since(memory, 2 * month)).isEqualTo(Long.MAX_VALUE);
        assertThat(Points.forget(memory, List.of("ingress"), 2 * month - 1)).isEqualTo(2 * month);
        assertThat(Points.forget(memory, List.of("ingress"), 2 * month)).isEqualTo(Long.MAX_VALUE);
        memory.read((name, numbers) -> assertThat(name).isNull());

        Points.present(memory, 3 * month);
        assertThat(Points.since(memory, 3 * month)).isEqualTo(3 * month);
    }

    private void note(long point, long count) {
        Points points = Points.read(memory, "ingress");
        points.add(point, count);
        points.write(memory, "ingress");
    }
}
