package io.flowsentinel.detect;

import io.flowsentinel.model.RulesChange;
import java.time.Duration;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;

/** The operator that judges, alone. */
final class Judging {

    private Judging() {}

    static KeyedTwoInputStreamOperatorTestHarness<Subject, Partial, RulesChange, Ruling> under(Rules rules)
            throws Exception {
        var harness = new KeyedTwoInputStreamOperatorTestHarness<Subject, Partial, RulesChange, Ruling>(
                new DetectFindings(rules, Duration.ofSeconds(60)), Partial::subject, null, DetectFindings.SUBJECT);
        harness.setup();
        return harness;
    }

    /** Moves event time on, on both inputs. */
    static void advance(
            KeyedTwoInputStreamOperatorTestHarness<Subject, Partial, RulesChange, Ruling> harness, long millis)
            throws Exception {
        harness.processWatermark2(new Watermark(millis));
        harness.processWatermark1(new Watermark(millis));
    }
}
