package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.FlowRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FoldOrderTest {

    /** Each sorts before the next by one thing more, and after it by everything that counts less. */
    private static final List<FlowRecord> SORTED = Stream.of(
                    answer().flags(1).during(0, 99).on("eni-9").rejected(),
                    answer().flags(2).during(1, 98).on("eni-9").rejected(),
                    answer().flags(18).during(1, 97).on("eni-9").rejected(),
                    answer().flags(5).during(1, 50).on("eni-9").rejected(),
                    answer().flags(5).during(1, 51).on("eni-1").rejected(),
                    request().flags(5).during(1, 51).on("eni-2").rejected(),
                    answer().flags(5).during(1, 51).on("eni-2"),
                    answer().flags(4).during(1, 51).on("eni-2").rejected().packets(9),
                    answer().flags(5)
                            .during(1, 51)
                            .on("eni-2")
                            .rejected()
                            .packets(7)
                            .bytes(900),
                    answer().flags(5)
                            .during(1, 51)
                            .on("eni-2")
                            .rejected()
                            .packets(8)
                            .bytes(800),
                    answer().flags(5)
                            .during(1, 51)
                            .on("eni-2")
                            .rejected()
                            .packets(8)
                            .bytes(801))
            .map(Flow::record)
            .toList();

    @Test
    void startThenSynThenSynAckThenEndThenInterfaceThenSourceThenActionThenFlagsThenNumbers() {
        List<FlowRecord> shuffled = new ArrayList<>(SORTED);
        Collections.shuffle(shuffled, new Random(5));

        shuffled.sort(new FoldOrder(new FoldTime(120)));

        assertThat(shuffled).containsExactlyElementsOf(SORTED);
    }

    @Test
    void aRecordIsFoldedOnceEventTimeHasPassedItsStartByTheIntervalAndAMinute() throws Exception {
        try (Harness harness = new Harness(Batch.MINUTE, new LiveFeed(true, null, List.of()))) {
            harness.add(request().during(5, 5).record());
            harness.add(answer().during(5, 5).record());

            harness.advanceTo(124);
            assertThat(harness.connections()).isEmpty();
            harness.advanceTo(125);

            assertThat(harness.connections()).hasSize(1);
            assertThat(harness.connections().get(0).decidedAt()).isEqualTo(Flow.NOON + 125);
        }
    }
}
