package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.FlowRecord;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DuplicatesTest {

    /** In the order of the identity; everything else is that of {@link #line}. */
    static Stream<Arguments> variants() {
        return Stream.of(
                Arguments.of("protocol", line().protocol(FlowRecord.UDP)),
                Arguments.of("interface", line().on("eni-2")),
                Arguments.of("plain source", line().plain("10.0.9.9", "10.0.0.2")),
                Arguments.of("plain destination", line().plain("10.0.0.1", "10.0.9.9")),
                Arguments.of(
                        "source",
                        answer().flags(2).plain("10.0.0.1", "10.0.0.2").egress()),
                Arguments.of("action", line().rejected()),
                Arguments.of("flow-direction", line().ingress()),
                Arguments.of("start", line().during(1, 60)),
                Arguments.of("end", line().during(0, 59)),
                Arguments.of("packets", line().packets(6)),
                Arguments.of("bytes", line().bytes(501)),
                Arguments.of("tcp-flags", line().flags(66)),
                Arguments.of("packets absent", line().without(FlowRecord.NO_PACKETS)),
                Arguments.of("bytes absent", line().without(FlowRecord.NO_BYTES)),
                Arguments.of("action absent", line().without(FlowRecord.NO_ACTION)));
    }

    private static Flow line() {
        return request().flags(2).egress();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("variants")
    void oneFieldThatDiffersMakesAnotherRecord(String field, Flow other) {
        List<Flow> lines = List.of(line(), other, line(), other);

        assertThat(duplicatesOf(lines)).isEqualTo(2);
    }

    @Test
    void absentFlagsAreNotZeroAndAnAbsentDirectionIsNone() {
        assertThat(duplicatesOf(List.of(request().flags(0), request().withoutFlags())))
                .isZero();
        assertThat(duplicatesOf(List.of(request().egress(), request()))).isZero();
    }

    @Test
    void whereItStandsAndWhatAwsAddsMakeNoOtherRecord() {
        Flow again = line().line(2).degraded().annotated(new Annotations(8, null, "S3", null));

        assertThat(duplicatesOf(List.of(line(), again))).isEqualTo(1);
    }

    private static int duplicatesOf(List<Flow> lines) {
        Batch batch = new Batch();
        batch.fold(lines.toArray(Flow[]::new));
        return batch.duplicates;
    }

    @Test
    void ofEqualRecordsTheFirstStandingIsTaken() {
        Batch batch = new Batch();

        List<FlowRecord> records =
                List.of(line().line(9).record(), line().line(1).record());
        batch.foldAll(records, Flow.NOON);

        assertThat(batch.published.get(0).evidence())
                .containsExactly(records.get(1).ref());
    }
}
