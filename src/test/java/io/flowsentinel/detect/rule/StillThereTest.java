package io.flowsentinel.detect.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Panes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StillThereTest {

    private static final long MINUTE = 60;
    private static final long UNHEARD = 15 * MINUTE;
    private static final Panes PANES = Panes.of(Duration.ofSeconds(MINUTE), Duration.ZERO);
    private static final String SOMEBODY = "somebody";

    private final StillThere stillThere = new StillThere(UNHEARD);
    private final TreeSet<Long> told = new TreeSet<>();
    private long lastHeard = Long.MIN_VALUE;

    @Test
    void whoIsThereAllTheTimeIsToldOnceInAWhile() {
        for (long minute = 0; minute < 150; minute++) {
            isThere(minute * MINUTE);
            stillThere.tellDue(PANES.evaluatedAt(minute * MINUTE), PANES, (number, pane) -> told.add(pane));
        }

        assertThat(told).hasSize(10).startsWith(0L, 15 * MINUTE, 30 * MINUTE);
    }

    /** Of a hundred, some every minute, some now and then: each is told by its own measure. */
    @Test
    void whoIsThereNowAndThenMakesNobodyElseToldMoreOften() {
        int tellings = 0;
        int[] heard = {0};
        for (long minute = 0; minute < 150; minute++) {
            for (int who = 0; who < 100; who++) {
                if (minute % (1 + who % 14) == 0) {
                    int number = stillThere.numberOf(null, "somebody " + who, who);
                    if (stillThere.isNews(number, minute * MINUTE, PANES)) {
                        stillThere.tell(number, minute * MINUTE, PANES, (whose, pane) -> heard[0]++);
                    }
                }
            }
            stillThere.tellDue(PANES.evaluatedAt(minute * MINUTE), PANES, (number, pane) -> heard[0]++);
            tellings = heard[0];
        }

        assertThat(tellings).isBetween(1_000, 1_400);
    }

    @Test
    void whatWasPutOffIsToldBeforeAnybodyIsMissed() {
        isThere(0);
        isThere(4 * MINUTE);
        isThere(3 * MINUTE);

        stillThere.tellDue(PANES.evaluatedAt(UNHEARD) - 1, PANES, (number, pane) -> told.add(pane));
        assertThat(told).containsExactly(0L);
        stillThere.tellDue(PANES.evaluatedAt(UNHEARD), PANES, (number, pane) -> told.add(pane));
        assertThat(told).containsExactly(0L, 4 * MINUTE);
    }

    @Test
    void whatWasPutOffIsToldBeforeAllAreForgotten() {
        isThere(0);
        isThere(MINUTE);
        for (int other = 1; other < Whom.MOST; other++) {
            stillThere.numberOf(null, "other " + other, other);
        }
        assertThat(stillThere.full()).isTrue();

        stillThere.forgetAll(PANES, (number, pane) -> told.add(pane));

        assertThat(told).containsExactly(0L, MINUTE);
        isThere(2 * MINUTE);
        assertThat(told).containsExactly(0L, MINUTE, 2 * MINUTE);
    }

    @Test
    void withoutAWhileEachPaneIsToldOnce() {
        StillThere each = new StillThere(0);
        int number = each.numberOf(null, SOMEBODY, 1);
        for (long minute : new long[] {5, 3, 4, 70}) {
            assertThat(each.isNews(number, minute * MINUTE, PANES)).isTrue();
            each.tell(number, minute * MINUTE, PANES, (whose, pane) -> told.add(pane));
            assertThat(each.isNews(number, minute * MINUTE, PANES)).isFalse();
        }
    }

    /** Against each pane being told, at every pane that is judged; panes come in any order between two steps. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 40, 200})
    void whoIsGoneForAWhileIsKnownToTheMinute(int step) {
        Random random = new Random(step);
        TreeSet<Long> all = new TreeSet<>();
        long judged = -1;
        for (long from = 0; from < 3_000; from += step) {
            for (long minute : minutes(random, from, step)) {
                isThere(minute * MINUTE);
                all.add(minute * MINUTE);
            }
            long upTo = from + step - 1;
            stillThere.tellDue(PANES.evaluatedAt(upTo * MINUTE), PANES, (number, pane) -> told.add(pane));
            for (long minute = judged + 1; minute <= upTo; minute++) {
                check(minute * MINUTE, all.floor(minute * MINUTE), told.floor(minute * MINUTE));
            }
            judged = upTo;
        }
        assertThat(all).containsAll(told).hasSizeGreaterThan(told.size());
        assertThat(told.first()).isEqualTo(all.first());
    }

    private static List<Long> minutes(Random random, long from, int step) {
        List<Long> minutes = new ArrayList<>();
        for (long minute = from; minute < from + step; minute++) {
            boolean quiet = minute / 40 % 3 == 2;
            if (random.nextInt(10) < (quiet ? 0 : 4)) {
                minutes.add(minute);
            }
        }
        Collections.shuffle(minutes, random);
        return minutes;
    }

    private static void check(long pane, Long last, Long known) {
        if (last == null) {
            assertThat(known).isNull();
        } else if (pane - last >= UNHEARD) {
            assertThat(known).as("in %d", pane).isEqualTo(last);
        } else {
            assertThat(pane - known).as("in %d", pane).isLessThan(UNHEARD);
        }
    }

    private void isThere(long pane) {
        int number = stillThere.numberOf(null, SOMEBODY, 0);
        boolean latest = stillThere.isLatest(number, pane);
        boolean news = stillThere.isNews(number, pane, PANES);
        assertThat(latest && news).isFalse();
        if (news) {
            stillThere.tell(number, pane, PANES, (whose, at) -> told.add(at));
        }
        assertThat(stillThere.isLatest(number, pane)).isEqualTo(told.isEmpty() || pane >= lastHeard);
        lastHeard = Math.max(lastHeard, pane);
    }
}
